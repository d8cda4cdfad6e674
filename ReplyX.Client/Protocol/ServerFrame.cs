namespace ReplyX.Client;

/// <summary>
/// Every member that a server frame may have. One flat shape costs one pass over the bytes, where a polymorphic one would cost two;
/// <see cref="ServerFrameReader"/> turns it into the event that its type names.
/// </summary>
internal sealed record ServerFrame
{
    public string? Type { get; init; }

    public long? DialogId { get; init; }

    public long? Seq { get; init; }

    public string? Cursor { get; init; }

    public string? Sender { get; init; }

    public string? Text { get; init; }

    public string? Author { get; init; }

    public string? ClientId { get; init; }

    public long? ReplyTo { get; init; }

    public int? Offset { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public string? Handoff { get; init; }

    public string? Operator { get; init; }

    public string? Event { get; init; }

    public long? LastSeq { get; init; }

    public long? LastRead { get; init; }

    public string? Preview { get; init; }

    public long? Unread { get; init; }

    public DateTimeOffset? WaitingSince { get; init; }

    public VisitorDetails? Visitor { get; init; }

    public VisitorPage? Page { get; init; }

    public ReadMarks? Read { get; init; }

    public bool? Recovered { get; init; }

    public string? Node { get; init; }

    public string? Connection { get; init; }

    public double? HeartbeatSeconds { get; init; }

    public bool? Duplicate { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public double? RetryAfterMs { get; init; }

    public double? DelayMs { get; init; }

    /// <summary>The cursor, or null when there is none or it is not valid.</summary>
    internal EventCursor? Position => EventCursor.TryParse(Cursor, null, out var cursor) ? cursor : null;
}
