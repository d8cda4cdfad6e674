using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>One thing that happened to a socket.</summary>
internal sealed record Entry
{
    public required EntryKind Kind { get; init; }

    /// <summary>When, in ticks of the recorder's clock.</summary>
    public required long At { get; init; }

    /// <summary>The event's place, or the one that a greeting named.</summary>
    public EventCursor Cursor { get; init; }

    /// <summary>The event, where it is one.</summary>
    public ReceivedEvent? Received { get; init; }

    /// <summary>Why it was lost, or what was given up.</summary>
    public string? Reason { get; init; }

    /// <summary>The node that greeted.</summary>
    public string? Node { get; init; }

    /// <summary>Whether the greeting says that the server resumed.</summary>
    public bool Recovered { get; init; }

    /// <summary>Whether the greeting is the first one since the socket got what is lost now.</summary>
    public bool TellsOfLoss { get; init; }

    /// <summary>The code that the socket was closed with.</summary>
    public int? CloseCode { get; init; }

    /// <summary>The status that the upgrade was refused with.</summary>
    public int? HttpStatus { get; init; }

    public override string ToString() => Kind switch
    {
        EntryKind.Connected => $"connected to {Node} at {Cursor}, recovered: {Recovered}",
        EntryKind.Event => $"event {Cursor}",
        EntryKind.Reloaded => $"event {Cursor} from the history",
        EntryKind.Gap => $"gap up to {Cursor.Seq}: {Reason}",
        _ => $"lost: {(CloseCode ?? HttpStatus)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Reason}",
    };
}
