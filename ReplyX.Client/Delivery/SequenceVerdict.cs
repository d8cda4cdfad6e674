namespace ReplyX.Client;

/// <summary>What an event is to a reader who has seen everything up to a place.</summary>
internal enum SequenceVerdict
{
    /// <summary>The next one.</summary>
    Next,

    /// <summary>One that was there before.</summary>
    Duplicate,

    /// <summary>One that has a predecessor which was not seen.</summary>
    Hole,

    /// <summary>Another one than the one seen under this number: the log is not the same any more.</summary>
    Conflict,
}
