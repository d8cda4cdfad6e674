using System.Globalization;
using System.Text;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
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
        var published = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            0 0 {{now.ToUnixTimeMilliseconds()}} -
            {"type":"read","dialog_id":{{dialog.DialogId}},"sender":"{{sender.ToWire()}}","last_read":{{seq}},"timestamp":"{{EventTimestamp.Format(now)}}"}
            """));
        return await _redis.EvaluateNumberAsync(
            _readMark,
            [RedisKeys.Log(dialog), RedisKeys.ReadMarks(dialog)],
            [principal, seq, RedisKeys.ChannelName(dialog), published],
            cancellationToken) == 1;
    }
}
