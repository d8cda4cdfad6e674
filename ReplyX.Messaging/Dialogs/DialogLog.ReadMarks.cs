using System.Globalization;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
    /// <summary>What the dialog's fields of the sides' marks begin with.</summary>
    internal const string ReadField = "read_";

    private static readonly RedisScript _readMark = RedisScript.Load("Dialogs.read_mark");

    /// <summary>Notes how far a participant has read, and tells everybody who watches the dialog. The mark never moves back.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="principal">The participant.</param>
    /// <param name="sender">As whom the participant speaks.</param>
    /// <param name="seq">The last event read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether the dialog has such an event.</returns>
    public async Task<bool> MarkReadAsync(
        StreamKey dialog, string principal, Sender sender, long seq, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var (side, dialogId, milliseconds) = (sender.ToWire(), dialog.DialogId, now.ToUnixTimeMilliseconds());
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"\"dialog_id\":{dialogId},\"sender\":\"{side}\",\"last_read\":{seq},\"timestamp\":\"{EventTimestamp.Format(now)}\"");
        return await _redis.EvaluateNumberAsync(
            _readMark,
            [RedisKeys.Log(dialog), RedisKeys.ReadMarks(dialog), RedisKeys.Dialog(dialog)],
            [
                principal,
                seq,
                ReadField + side,
                RedisKeys.ChannelName(dialog),
                string.Create(CultureInfo.InvariantCulture, $"0 0 {milliseconds} {LogEntry.ReadKey}{side}:{seq}\n{{\"type\":\"read\",{told}}}"),
                RedisKeys.ChannelName(StreamKey.ForFeed(dialog.Account)),
                string.Create(CultureInfo.InvariantCulture, $"0 0 {milliseconds} -\n{{\"type\":\"dialog_read\",{told}"),
            ],
            cancellationToken) == 1;
    }

    /// <summary>How far each side has read.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ReadMarks> GetReadMarksAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        var marks = await _redis.ExecuteAsync(
            database => database.HashGetAsync(
                RedisKeys.Dialog(dialog), [ReadField + "user", ReadField + "manager", ReadField + "assistant"]),
            cancellationToken);
        return new ReadMarks(At(0), At(1), At(2));

        long At(int side) => marks[side].TryParse(out long seq) ? seq : 0;
    }
}
