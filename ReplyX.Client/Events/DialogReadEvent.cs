namespace ReplyX.Client;

/// <summary>On an account's list: somebody has read on in a dialog. It is not stored, so a list that was away reads it from the Api.</summary>
public sealed record DialogReadEvent : ReplyXEvent
{
    /// <summary>The number of the last event that they have read, in the dialog's own log.</summary>
    public required long UpTo { get; init; }

    /// <summary>Who: <c>user</c>, <c>manager</c> or <c>assistant</c>.</summary>
    public string? Sender { get; init; }

    /// <summary>How many events the operators have not read.</summary>
    public long Unread { get; init; }
}
