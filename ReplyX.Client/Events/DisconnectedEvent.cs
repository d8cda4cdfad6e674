namespace ReplyX.Client;

/// <summary>The socket is gone, or could not be opened; the library tries again by itself.</summary>
public sealed record DisconnectedEvent : ReplyXEvent
{
    /// <summary>The close code; null when there was none (refused, cut off, given up by this side).</summary>
    public int? CloseCode { get; init; }

    /// <summary>The HTTP status that refused the upgrade; null when the socket was open or nothing answered.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long the library waits before it tries again.</summary>
    public required TimeSpan RetryIn { get; init; }

    /// <summary>A short English reason for logs.</summary>
    public required string Reason { get; init; }
}
