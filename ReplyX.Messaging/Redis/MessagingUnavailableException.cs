namespace ReplyX.Messaging.Redis;

/// <summary>
/// Redis, or the disk of an archive in files, did not answer, or answered that it cannot serve now. Of a write this means <em>unknown</em>: it may or may not have
/// happened, and is to be retried with the same idempotency key.
/// </summary>
public sealed class MessagingUnavailableException : Exception
{
    /// <summary>Makes the exception with a standard message.</summary>
    public MessagingUnavailableException()
        : this("The message store did not answer.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was not to be had.</param>
    public MessagingUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was not to be had.</param>
    /// <param name="innerException">What Redis, the disk or the way to it said.</param>
    public MessagingUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
