namespace ReplyX.Client;

/// <summary>An event of a type that this version of the library does not know. Ignoring it is always right.</summary>
public sealed record UnknownEvent : ReplyXEvent
{
    /// <summary>The type as the server named it.</summary>
    public required string Type { get; init; }

    /// <summary>The whole frame, JSON.</summary>
    public required string Json { get; init; }
}
