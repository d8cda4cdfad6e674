namespace ReplyX.Client;

/// <summary>How reading the history ended.</summary>
internal enum ReloadOutcome
{
    /// <summary>The reader has everything up to the place, or was told what is missing.</summary>
    Done,

    /// <summary>The reader's buffer is full; what is left has to be fetched again later.</summary>
    Overrun,

    /// <summary>The history did not answer.</summary>
    Unavailable,
}
