using ReplyX.Client;
using ReplyX.Recorder.Traffic;

namespace ReplyX.Recorder.Sockets;

/// <summary>
/// Who sits where: on each dialog a visitor and an operator with the client library, which also send, and a raw watcher of each kind;
/// more of them in turn; and on the account's list two of either make.
/// </summary>
internal sealed class SocketPlan(RealtimeUrls realtime, Random random, TimeProvider time)
{
    private const int Makes = 4;

    public List<IRecordedSocket> Make(IReadOnlyList<RecordedDialog> dialogs, int count)
        => [.. Enumerable.Range(0, count).Select(i => OnDialog(dialogs[i % dialogs.Count], i / dialogs.Count))];

    public List<IRecordedSocket> MakeLists(OperatorSession session) =>
    [
        new LibrarySocket("list-library-1", null, session.ListOptions(realtime)),
        new LibrarySocket("list-library-2", null, session.ListOptions(realtime, EventCursor.Start)),
        new RawSocket("list-raw-1", null, realtime.DialogList, null, session.TokenProvider, null, Dice(), time),
        new RawSocket("list-raw-2", null, realtime.DialogList, EventCursor.Start, session.TokenProvider, null, Dice(), time),
    ];

    private IRecordedSocket OnDialog(RecordedDialog dialog, int turn)
    {
        var (id, visitor, operatorSession) = (dialog.Id, dialog.Visitor, dialog.Operator);
        var name = $"{dialog}, socket {turn + 1}";

        // Some begin with what the Api named, some with the whole log, some with what is live.
        return (turn % Makes) switch
        {
            0 => Sender(dialog, Author.Visitor, new LibrarySocket($"{name} (visitor, library)", id, visitor.ConnectionOptions())),
            1 => Sender(dialog, Author.Operator, new LibrarySocket($"{name} (operator, library)", id, operatorSession.DialogOptions(realtime, id))),
            2 => new RawSocket($"{name} (visitor, raw)", id, visitor.Dialog.RealtimeUrl, EventCursor.Start, visitor.TokenProvider, visitor, Dice(), time),
            _ => new RawSocket(
                $"{name} (operator, raw)", id, realtime.Dialog(id), null, operatorSession.TokenProvider, operatorSession.DialogOptions(realtime, id).History, Dice(), time),
        };
    }

    private static LibrarySocket Sender(RecordedDialog dialog, Author author, LibrarySocket socket)
    {
        dialog.Senders.TryAdd(author, socket);
        return socket;
    }

    private Random Dice() => new(random.Next());
}
