using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of a resource, or of one of its replicas, at a moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The kind of resource: Project, Executable or Container.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Properties; a process gives its id as <c>executable.pid</c>.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>The variables that the process was started with.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>The state, null before the first one.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code, once the process has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The result of the health checks; null while it does not run.</summary>
    public HealthStatus? HealthStatus { get; internal init; }
}

/// <summary>A state, as one of <see cref="KnownResourceStates"/>.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style">How to show it; not used here.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style);

/// <summary>A property of a running resource, such as <c>executable.pid</c>.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value);

/// <summary>A variable of a running process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the application set it, rather than the environment that the process inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

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

/// <summary>A change of a resource, or of one of its replicas.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The id, which tells replicas apart.</param>
/// <param name="snapshot">What is known after the change.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The id, which tells replicas apart.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known after the change.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
