using System.Globalization;
using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>A message that was acknowledged: what was sent, and where the answer put it.</summary>
/// <param name="Cursor">Where it stands in the log.</param>
/// <param name="Text">What was sent.</param>
/// <param name="Sender">As whom: <c>user</c>, <c>assistant</c> or <c>manager</c>.</param>
/// <param name="Author">The number of its author, and of the line: one author's messages stay in order.</param>
/// <param name="Line">The number of the line in the conversation.</param>
/// <param name="StartedAt">When it left.</param>
/// <param name="AnsweredAt">When the answer came.</param>
/// <param name="Attempts">How many attempts it took.</param>
internal sealed record SentEvent(
    EventCursor Cursor, string Text, string Sender, int Author, int Line, long StartedAt, long AnsweredAt, int Attempts)
{
    internal AcknowledgedEvent Acknowledged => new(
        Cursor, EventContent.Message(Sender, Text), Author.ToString(CultureInfo.InvariantCulture), $"line {Line.ToString(CultureInfo.InvariantCulture)}");
}
