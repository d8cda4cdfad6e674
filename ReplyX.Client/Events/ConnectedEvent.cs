namespace ReplyX.Client;

/// <summary>A socket is up. What was missed follows it, then the live events.</summary>
public sealed record ConnectedEvent : ReplyXEvent
{
    /// <summary>
    /// Whether the server resumed from this connection's cursor. False on a first connection without a cursor, and when the log
    /// no longer holds that place: the library then reads the history, and what it cannot get is told by a <see cref="GapEvent"/>.
    /// </summary>
    public required bool Recovered { get; init; }

    /// <summary>The cursor that the server named: this connection's own when it resumed, else the end of the log.</summary>
    public required EventCursor Position { get; init; }

    /// <summary>How far each side has read; null on a list.</summary>
    public ReadMarks? Read { get; init; }

    /// <summary>The node that holds the socket.</summary>
    public string? Node { get; init; }

    /// <summary>The server's name for the socket, the same in its logs.</summary>
    public string? Connection { get; init; }
}
