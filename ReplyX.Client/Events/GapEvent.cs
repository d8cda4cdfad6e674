namespace ReplyX.Client;

/// <summary>
/// Events that can no longer be had. It stands in the stream where they would have stood; whoever shows the dialog should say so
/// or load it anew.
/// </summary>
public sealed record GapEvent : ReplyXEvent
{
    /// <summary>Why.</summary>
    public required GapReason Reason { get; init; }

    /// <summary>
    /// The number of the last event before the gap. With <see cref="GapReason.Rewritten"/> every event above it that was yielded
    /// before is no longer in the log, and the events that took those numbers follow.
    /// </summary>
    public required long After { get; init; }

    /// <summary>The number of the first event behind the gap.</summary>
    public required long Before { get; init; }
}
