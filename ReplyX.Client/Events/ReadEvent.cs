namespace ReplyX.Client;

/// <summary>A participant has read the dialog up to a message.</summary>
public sealed record ReadEvent : ReplyXEvent
{
    /// <summary>The number of the last event that they have read.</summary>
    public required long UpTo { get; init; }

    /// <summary>Who: <c>user</c> or <c>manager</c>.</summary>
    public string? Sender { get; init; }
}
