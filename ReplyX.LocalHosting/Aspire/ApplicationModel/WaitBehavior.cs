namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait does when its resource has stopped or failed.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on, since the resource may be started again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Fails.</summary>
    StopOnResourceUnavailable = 1,
}
