namespace ReplyX.Client;

/// <summary>Who answers in a dialog.</summary>
public sealed record HandoffAnswer
{
    /// <summary>The dialog.</summary>
    public required long DialogId { get; init; }

    /// <summary>The state.</summary>
    public required HandoffState State { get; init; }

    /// <summary>The operator who has it, by name.</summary>
    public string? Operator { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? Since { get; init; }
}
