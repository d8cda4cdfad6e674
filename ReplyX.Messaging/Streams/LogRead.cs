namespace ReplyX.Messaging.Streams;

/// <summary>What one read of a log alone came to.</summary>
/// <param name="Held">Whether the log holds the position; false also if the archive may.</param>
/// <param name="InArchive">Whether what was asked for begins in the archive, so that the log alone cannot answer.</param>
/// <param name="Head">The last event.</param>
/// <param name="Oldest">The first event's number, in the archive or the log; 0 if there is none.</param>
/// <param name="First">The log's first event's number; what is before it can only be in the archive.</param>
/// <param name="Entries">The events read.</param>
internal sealed record LogRead(bool Held, bool InArchive, Cursor Head, long Oldest, long First, IReadOnlyList<LogEntry> Entries);
