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
