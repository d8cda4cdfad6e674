namespace ReplyX.Client;

/// <summary>
/// A piece of an answer as it is written, before it is stored; or its end. Not stored: a missed one is never repeated, and what counts is
/// the <see cref="MessageEvent"/> with the same <see cref="ReplyTo"/>. Who did not hear it from offset 0 on waits for that.
/// </summary>
public sealed record DeltaEvent : ReplyXEvent
{
    /// <summary>The number of the message that it answers.</summary>
    public required long ReplyTo { get; init; }

    /// <summary>Who writes: <c>assistant</c>.</summary>
    public string? Sender { get; init; }

    /// <summary>Where the piece stands in the answer, in UTF-16 code units. At 0 an answer begins, also anew.</summary>
    public int Offset { get; init; }

    /// <summary>The piece; empty at the end.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether the answer was given up: no message follows it, or another one than was written so far.</summary>
    public bool IsEnd { get; init; }
}
