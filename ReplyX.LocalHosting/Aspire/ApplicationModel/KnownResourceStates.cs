namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that resources go through.</summary>
public static class KnownResourceStates
{
    /// <summary>Not started yet.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>Waits for another resource.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Its process is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>Its process runs, whether healthy or not.</summary>
    public static readonly string Running = "Running";

    /// <summary>Its process is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>Its process has ended.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>Its process could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";
}
