namespace ReplyX.Client;

/// <summary>A message of the dialog.</summary>
public sealed record MessageEvent : ReplyXEvent
{
    /// <summary>Who wrote it: <c>user</c>, <c>assistant</c>, <c>manager</c> or <c>system</c>.</summary>
    public required string Sender { get; init; }

    /// <summary>The text, exactly as it was sent.</summary>
    public required string Text { get; init; }

    /// <summary>The name to show with it, if there is one.</summary>
    public string? Author { get; init; }

    /// <summary>The key that its sender gave it, where the server discloses it.</summary>
    public string? ClientId { get; init; }

    /// <summary>The number of the message that it answers, where the assistant does.</summary>
    public long? ReplyTo { get; init; }
}
