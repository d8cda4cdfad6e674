namespace Aspire.Hosting;

/// <summary>Says whether the application runs or is published.</summary>
public class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Whether a manifest is being written; then nothing is started.</summary>
    public bool IsPublishMode { get; }

    /// <summary>Whether the application runs on this machine.</summary>
    public bool IsRunMode => !IsPublishMode;
}
