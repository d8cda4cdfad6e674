using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// A segment that a dialog counts on is missing or is not what was stored. No retry helps: somebody has to look, and no reader is
/// to take the events for ones that never were.
/// </summary>
public sealed class ArchiveDamagedException : Exception
{
    /// <summary>Makes the exception with a standard message.</summary>
    public ArchiveDamagedException()
        : this("The archive is damaged.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, and where.</param>
    public ArchiveDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="innerException">What revealed it.</param>
    public ArchiveDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ArchiveDamagedException(StreamKey dialog, string what)
        : this($"The archive of {dialog} is damaged: {what}.")
    {
    }
}
