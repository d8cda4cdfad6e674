namespace ReplyX.Messaging.Streams;

/// <summary>A run of consecutive events read from a log.</summary>
/// <param name="Held">Whether the log still held the position that was asked for. If not, <paramref name="Entries"/> is empty.</param>
/// <param name="Head">The log's last event at the moment of the read.</param>
/// <param name="First">The number of the oldest event the log holds; 0 if it holds none.</param>
/// <param name="Entries">The events, in order.</param>
public sealed record LogPage(bool Held, Cursor Head, long First, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Whether the log held more events after this page when it was read.</summary>
    public bool HasMore => Held && Entries.Count > 0 && Entries[^1].Seq < Head.Seq;
}
