using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Client;

/// <summary>What became of a message.</summary>
public sealed record SendResult
{
    /// <summary>The key that the message was sent with.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where the message stands in the log; meaningful when <see cref="Stored"/>.</summary>
    public EventCursor Cursor { get; init; }

    /// <summary>The message's number; 0 when it was not stored.</summary>
    public long Seq => Cursor.Seq;

    /// <summary>Whether the log already had it: an earlier attempt got through, only its answer did not.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Why there is no acknowledgement; null when there is one.</summary>
    public SendError? Error { get; init; }

    /// <summary>Whether the message is in the log for certain.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Stored => Error is null;
}
