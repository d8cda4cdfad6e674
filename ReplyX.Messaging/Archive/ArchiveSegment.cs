namespace ReplyX.Messaging.Archive;

/// <summary>A sealed run of consecutive events on its way into the archive.</summary>
/// <param name="First">The first event's number.</param>
/// <param name="Last">The last event's number, which names the segment among its dialog's.</param>
/// <param name="NewestAt">The time of the newest event, which is what retention goes by.</param>
/// <param name="Data">The segment as it is to be stored: compressed, versioned, with a checksum.</param>
public sealed record ArchiveSegment(long First, long Last, DateTimeOffset NewestAt, ReadOnlyMemory<byte> Data);
