namespace ReplyX.Client;

/// <summary>The dialog passed a step between the assistant and a human operator.</summary>
public sealed record HandoffEvent : ReplyXEvent
{
    /// <summary>The state after the step.</summary>
    public required HandoffState State { get; init; }

    /// <summary>The operator's name, where one is concerned.</summary>
    public string? Operator { get; init; }
}
