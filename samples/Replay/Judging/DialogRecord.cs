using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>All that is known of one dialog when it is over.</summary>
internal sealed record DialogRecord
{
    public required string Conversation { get; init; }

    public required long DialogId { get; init; }

    /// <summary>Where its sockets began.</summary>
    public required EventCursor Start { get; init; }

    /// <summary>The acknowledged messages.</summary>
    public required IReadOnlyList<SentEvent> Sent { get; init; }

    /// <summary>The states that the acknowledged steps led to, in order.</summary>
    public required IReadOnlyList<HandoffState> Steps { get; init; }

    /// <summary>What the history held at the end, from the start on.</summary>
    public required IReadOnlyList<ReplyXEvent> Log { get; init; }

    /// <summary>What each socket got.</summary>
    public required IReadOnlyList<SocketRecord> Sockets { get; init; }

    /// <summary>It, as an audit takes it.</summary>
    public AuditedDialog ToAudited() => new()
    {
        Id = DialogId,
        Log = [.. Log.Select(e => new AuditedEvent(e.Cursor!.Value, EventContent.Of(e)!))],
        Acknowledged = [.. Sent.OrderBy(sent => sent.Line).Select(sent => sent.Acknowledged)],
        Steps = Steps,
        Start = Start.Seq,
    };
}
