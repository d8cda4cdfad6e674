namespace ReplyX.Client;

/// <summary>The dialog passed a step between the assistant and a human operator.</summary>
public sealed record HandoffEvent : ReplyXEvent
{
    /// <summary>The state after the step.</summary>
    public required HandoffState State { get; init; }

    /// <summary>The operator's name, where one is concerned.</summary>
    public string? Operator { get; init; }

    /// <summary>Why the assistant asked for a human: <c>requested</c>, <c>failed</c> or <c>timeout</c>; null if it did not.</summary>
    public string? Reason { get; init; }
}
