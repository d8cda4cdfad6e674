namespace ReplyX.Recorder.Judging;

/// <summary>What must not happen.</summary>
internal enum ViolationKind
{
    /// <summary>An acknowledged event did not come.</summary>
    Lost,

    /// <summary>An event came twice, or stands in the log twice.</summary>
    Duplicated,

    /// <summary>An event came, or was stored, before its predecessor.</summary>
    Reordered,

    /// <summary>An event came that the log does not hold, or stands in the log and was sent by nobody.</summary>
    Phantom,

    /// <summary>An event came with another text, sender or nonce than it was sent or stored with.</summary>
    Corrupted,

    /// <summary>An event of another dialog came.</summary>
    Foreign,

    /// <summary><c>recovered</c> was not the truth.</summary>
    FalseRecovery,

    /// <summary>A message could not be sent, or was acknowledged in two places.</summary>
    NotSent,

    /// <summary>A socket ended for good, or needed too many attempts.</summary>
    NotConnected,

    /// <summary>A channel stayed subscribed in Redis without a socket that needs it.</summary>
    LeakedSubscriptions,

    /// <summary>A socket whose peer reads nothing was never closed.</summary>
    NeverClosed,

    /// <summary>A service did not do what it should, or logged an error.</summary>
    Service,
}
