namespace ReplyX.Messaging.Archive;

/// <summary>What a segment says of itself before it is opened and checked.</summary>
/// <param name="First">The number of its first event.</param>
/// <param name="Last">The number of its last event.</param>
/// <param name="NewestAt">The time of its newest event.</param>
internal readonly record struct SegmentRange(long First, long Last, DateTimeOffset NewestAt)
{
    public bool Contains(long seq) => First <= seq && seq <= Last;
}
