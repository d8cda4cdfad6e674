namespace ReplyX.Client;

/// <summary>How an event follows on what a reader has seen.</summary>
internal enum SequenceStatus
{
    /// <summary>The next event.</summary>
    Next,

    /// <summary>An event that was seen before.</summary>
    Duplicate,

    /// <summary>An event before which others are missing.</summary>
    Hole,

    /// <summary>Another event than the one seen under this number: the log is not the same any more.</summary>
    Conflict,
}
