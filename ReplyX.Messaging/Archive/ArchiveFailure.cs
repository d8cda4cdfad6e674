namespace ReplyX.Messaging.Archive;

/// <summary>Why a dialog was not archived: every value of the label <c>reason</c>, which is the name in snake case.</summary>
internal enum ArchiveFailure
{
    /// <summary>Redis, or the archive's disk, did not answer.</summary>
    Unavailable,

    /// <summary>Anything unforeseen.</summary>
    Error,

    /// <summary>The log no longer held what was archived of it.</summary>
    Mismatch,

    /// <summary>The log and what is archived leave a hole between them.</summary>
    Hole,
}
