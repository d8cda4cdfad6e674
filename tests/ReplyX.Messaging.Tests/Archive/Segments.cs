using System.Globalization;
using System.Text;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Segments as an archiver seals them, of events that nobody wrote.</summary>
internal static class Segments
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ArchiveSegment Seal(StreamKey dialog, long first, long last, DateTimeOffset? newest = null, string text = "")
    {
        var time = (newest ?? Start).ToUnixTimeMilliseconds();
        return SegmentFormat.Seal(
            dialog,
            [.. ArchiveHost.Numbers(first, last).Select(seq => LogEntry.Parse(Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{seq} {seq:x8} {time} -\n{{\"text\":\"{text}\"}}"))))]);
    }

    public static SegmentId IdOf(StreamKey dialog, ArchiveSegment segment) => new(dialog, segment.Last, segment.NewestAt);
}
