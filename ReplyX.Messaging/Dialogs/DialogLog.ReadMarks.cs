using System.Globalization;
using System.Text;
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
        var feed = RedisKeys.ChannelName(StreamKey.ForFeed(dialog.Account));
        var reply = await _redis.EvaluateAsync(
            _readMark,
            [RedisKeys.Log(dialog), RedisKeys.ReadMarks(dialog), RedisKeys.Dialog(dialog)],
            [
                principal,
                seq,
                ReadField + sender.ToWire(),
                RedisKeys.ChannelName(dialog),
                ReadEntry(dialog, sender, seq, now),
                dialog.IsSpread ? "" : feed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0 0 {now.ToUnixTimeMilliseconds()} -\n{{\"type\":\"dialog_read\",{ReadMembers(dialog, sender, seq, now)}"),
            ],
            cancellationToken);
        if (reply is [_, var news])
        {
            await _redis.PublishAsync(feed, (byte[])news!, cancellationToken);
        }

        return (long)reply[0] == 1;
    }

    /// <summary>What tells everybody who watches a dialog how far a side has read, as the backplane carries it.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="side">Whose mark it is.</param>
    /// <param name="seq">The last event read.</param>
    /// <param name="now">When it was read.</param>
    public static byte[] ReadEntry(StreamKey dialog, Sender side, long seq, DateTimeOffset now) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"0 0 {now.ToUnixTimeMilliseconds()} {LogEntry.ReadKey}{side.ToWire()}:{seq}\n{{\"type\":\"read\",{ReadMembers(dialog, side, seq, now)}}}"));

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

    private static string ReadMembers(StreamKey dialog, Sender side, long seq, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"\"dialog_id\":{dialog.DialogId},\"sender\":\"{side.ToWire()}\",\"last_read\":{seq},\"timestamp\":\"{EventTimestamp.Format(now)}\"");
}
