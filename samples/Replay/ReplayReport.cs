namespace ReplyX.Samples.Replay;

/// <summary>What a replay came to.</summary>
public sealed record ReplayReport
{
    /// <summary>The seed, to do it again.</summary>
    public required int Seed { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Dialogs played.</summary>
    public required int Dialogs { get; init; }

    /// <summary>Messages acknowledged.</summary>
    public required long Sent { get; init; }

    /// <summary>Steps of handoffs acknowledged.</summary>
    public required long Steps { get; init; }

    /// <summary>Sockets that watched, list sockets included.</summary>
    public required int Sockets { get; init; }

    /// <summary>What came to the sockets of the dialogs.</summary>
    public required DeliveryTally Dialog { get; init; }

    /// <summary>What came to the list sockets.</summary>
    public required DeliveryTally List { get; init; }

    /// <summary>Both.</summary>
    public DeliveryTally Total => Dialog + List;

    /// <summary>From just before a message left to the moment its frame was read off each socket of its dialog.</summary>
    public required LatencySummary Delivery { get; init; }

    /// <summary>From just before a message left to its acknowledgement.</summary>
    public required LatencySummary Answer { get; init; }

    /// <summary>Messages left out of the latencies, because they took more than one attempt.</summary>
    public required long NotTimed { get; init; }

    /// <summary>Sockets that were opened again after a loss.</summary>
    public required long Reconnects { get; init; }

    /// <summary>Sockets by the node that held them last.</summary>
    public required IReadOnlyDictionary<string, int> SocketsByNode { get; init; }

    /// <summary>Dialogs whose sockets sat on more than one node.</summary>
    public required int DialogsOnSeveralNodes { get; init; }

    /// <summary>What went wrong, in words; the first fifty.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Whether everything was played and came as it should.</summary>
    public bool IsClean => Total.IsClean && Failures.Count == 0;
}
