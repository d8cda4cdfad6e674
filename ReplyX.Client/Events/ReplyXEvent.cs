namespace ReplyX.Client;

/// <summary>Something that a connection reports: an event of the dialog or the account, or news of the connection itself.</summary>
public abstract record ReplyXEvent
{
    /// <summary>Where the event stands in the log; null for what is not stored (typing, news of the connection).</summary>
    public EventCursor? Cursor { get; init; }

    /// <summary>The event's number in the log; 0 for what is not stored.</summary>
    public long Seq => Cursor?.Seq ?? 0;

    /// <summary>The dialog that the event belongs to; null where there is none.</summary>
    public long? DialogId { get; init; }

    /// <summary>When the server made the event; null where the server said nothing.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>
    /// When the frame came off the socket, in ticks of <see cref="TimeProvider.GetTimestamp"/>, before any waiting in the buffer.
    /// 0 for events that were read over HTTP.
    /// </summary>
    public long ReceivedTimestamp { get; init; }
}
