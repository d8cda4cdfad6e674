using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>Names a segment.</summary>
/// <param name="Dialog">Whose events it holds.</param>
/// <param name="Last">The number of its last event.</param>
/// <param name="NewestAt">The time of its newest event, in whole milliseconds.</param>
public readonly record struct SegmentId(StreamKey Dialog, long Last, DateTimeOffset NewestAt);
