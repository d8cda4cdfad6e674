namespace ReplyX.Client;

/// <summary>Somebody else began or stopped typing. Not stored: a missed one is never repeated.</summary>
public sealed record TypingEvent : ReplyXEvent
{
    /// <summary>Whether they are typing now.</summary>
    public required bool IsTyping { get; init; }

    /// <summary>Who: <c>user</c>, <c>assistant</c> or <c>manager</c>.</summary>
    public string? Sender { get; init; }

    /// <summary>The name to show, if there is one.</summary>
    public string? Author { get; init; }
}
