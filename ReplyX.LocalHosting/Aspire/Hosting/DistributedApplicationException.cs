namespace Aspire.Hosting;

/// <summary>The application cannot be composed, started or waited for.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong, naming the resource.</param>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one for another's sake.</summary>
    /// <param name="message">What is wrong, naming the resource.</param>
    /// <param name="inner">The cause.</param>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
