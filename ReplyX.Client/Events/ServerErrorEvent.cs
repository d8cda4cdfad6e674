namespace ReplyX.Client;

/// <summary>The server reports a fault that concerns no message of this connection, such as <c>backplane_unavailable</c>.</summary>
public sealed record ServerErrorEvent : ReplyXEvent
{
    /// <summary>The fault by its fixed name.</summary>
    public required string Code { get; init; }

    /// <summary>The same in English.</summary>
    public string? Message { get; init; }

    /// <summary>How long to wait before trying again, where the server says so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
