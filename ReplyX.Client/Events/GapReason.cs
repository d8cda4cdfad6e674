namespace ReplyX.Client;

/// <summary>Why events are missing.</summary>
public enum GapReason
{
    /// <summary>Neither the log nor the history holds them any more.</summary>
    Expired,

    /// <summary>The log no longer holds them, and the connection was given no history to read.</summary>
    NoHistory,

    /// <summary>The server lost a part of its log and numbered on from an earlier place.</summary>
    Rewritten,
}
