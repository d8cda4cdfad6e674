namespace ReplyX.Client;

/// <summary>What can be wrong with a delivery.</summary>
public enum DeliveryVerdict
{
    /// <summary>An acknowledged event did not come, or is not in the log.</summary>
    Lost,

    /// <summary>An event came again, or stands in the log twice.</summary>
    Duplicated,

    /// <summary>An event came, or was stored, before its predecessor.</summary>
    Reordered,

    /// <summary>An event came that the log does not hold, or stands in the log and was never acknowledged to anybody.</summary>
    Phantom,

    /// <summary>An event came, or was stored, with another text, sender or state than it was sent with.</summary>
    Corrupted,

    /// <summary>An event of another dialog came.</summary>
    Foreign,
}
