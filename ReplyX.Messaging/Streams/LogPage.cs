namespace ReplyX.Messaging.Streams;

/// <summary>A run of consecutive events read from a log and what of it was archived.</summary>
/// <param name="Held">Whether the very event that was asked for is still held, in the log or the archive. If not, <paramref name="Entries"/> is empty.</param>
/// <param name="Head">The log's last event at the moment of the read.</param>
/// <param name="First">The number of the oldest event that can be read, in the archive or the log; 0 if there is none.</param>
/// <param name="Entries">The events, in order.</param>
public sealed record LogPage(bool Held, Cursor Head, long First, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Whether there were more events after this page when it was read.</summary>
    public bool HasMore => Held && Entries.Count > 0 && Entries[^1].Seq < Head.Seq;
}
