using ReplyX.Client;

namespace ReplyX.Samples.Replay;

/// <summary>The account of what came to sockets, against what was acknowledged.</summary>
public readonly record struct DeliveryTally
{
    /// <summary>Deliveries due: acknowledged events, times the sockets that watch them.</summary>
    public long Expected { get; init; }

    /// <summary>Of these, the ones that came.</summary>
    public long Delivered { get; init; }

    /// <summary>Of these, the ones that did not.</summary>
    public long Lost => Expected - Delivered;

    /// <summary>Events that came to one socket again, the ones that the client library dropped included.</summary>
    public long Duplicated { get; init; }

    /// <summary>Events that came before their predecessor, the ones that the client library put right included.</summary>
    public long Reordered { get; init; }

    /// <summary>Events that came and were never acknowledged.</summary>
    public long Phantom { get; init; }

    /// <summary>Events that came with another text, sender or place than they were sent or acknowledged with.</summary>
    public long Corrupted { get; init; }

    /// <summary>Events that came and are another dialog's.</summary>
    public long Foreign { get; init; }

    /// <summary>Whether all came as it should.</summary>
    public bool IsClean => this is { Lost: 0, Duplicated: 0, Reordered: 0, Phantom: 0, Corrupted: 0, Foreign: 0 };

    /// <summary>Adds two accounts up.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static DeliveryTally operator +(DeliveryTally left, DeliveryTally right) => new()
    {
        Expected = left.Expected + right.Expected,
        Delivered = left.Delivered + right.Delivered,
        Duplicated = left.Duplicated + right.Duplicated,
        Reordered = left.Reordered + right.Reordered,
        Phantom = left.Phantom + right.Phantom,
        Corrupted = left.Corrupted + right.Corrupted,
        Foreign = left.Foreign + right.Foreign,
    };

    /// <summary>Adds two accounts up.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static DeliveryTally Add(DeliveryTally left, DeliveryTally right) => left + right;

    /// <summary>The account of one socket.</summary>
    internal static DeliveryTally Of(DeliveryAudit audit) => new()
    {
        Expected = audit.Expected,
        Delivered = audit.Delivered,
        Duplicated = audit[DeliveryVerdict.Duplicated],
        Reordered = audit[DeliveryVerdict.Reordered],
        Phantom = audit[DeliveryVerdict.Phantom],
        Corrupted = audit[DeliveryVerdict.Corrupted],
        Foreign = audit[DeliveryVerdict.Foreign],
    };
}
