using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReplyX.LocalHosting.Console;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Processes;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>One process of a resource; a resource with replicas has several. Every change goes through <see cref="Change"/>.</summary>
internal sealed class ResourceInstance(IResource resource, string id, Action changed) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointSpec, int> _targetPorts = [];

    public IResource Resource { get; } = resource;

    public string Id { get; } = id;

    public LogBuffer Log { get; } = new();

    /// <summary>Held by a command or a start, so that there is one at a time.</summary>
    public SemaphoreSlim CommandLock { get; } = new(1, 1);

    public string State { get; private set; } = KnownResourceStates.NotStarted;

    public HealthStatus? Health { get; private set; }

    /// <summary>Why it is not healthy, or how it ended.</summary>
    public string? Reason { get; private set; }

    public int? ExitCode { get; private set; }

    public int? ProcessId { get; private set; }

    public ChildProcess? Process { get; private set; }

    /// <summary>What its process was started with, as far as the application set it.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> Variables { get; set; } = [];

    public bool IsTerminal => State == KnownResourceStates.Finished || State == KnownResourceStates.FailedToStart;

    public bool IsRunning => State == KnownResourceStates.Running;

    public int TargetPort(EndpointSpec endpoint) => _targetPorts.TryGetValue(endpoint, out var port) ? port : endpoint.Port;

    public void SetTargetPort(EndpointSpec endpoint, int port) => _targetPorts[endpoint] = port;

    public void Waiting(string reason) => Change(() => (State, Health, Reason) = (KnownResourceStates.Waiting, null, reason));

    public void Starting() => Change(() => (State, Health, Reason, ExitCode, ProcessId) = (KnownResourceStates.Starting, null, null, null, null));

    public void Running(ChildProcess process, int? processId) => Change(() =>
        (State, Health, Reason, Process, ProcessId) = (KnownResourceStates.Running, HealthStatus.Unhealthy, "not asked yet", process, processId));

    public void Stopping() => Change(() => (State, Health, Reason) = (KnownResourceStates.Stopping, null, "is being stopped"));

    public void Finished(int exitCode) => Change(() =>
        (State, Health, Reason, ExitCode, ProcessId, Process) = (KnownResourceStates.Finished, null, $"ended with exit code {exitCode}", exitCode, null, null));

    public void Failed(string reason) => Change(() => (State, Health, Reason) = (KnownResourceStates.FailedToStart, null, reason));

    /// <summary>Records the result of a health check, unless the checked process has ended.</summary>
    public void HealthChecked(ChildProcess process, string? reason)
    {
        if (ReferenceEquals(Process, process) && IsRunning && (Health, Reason) != (reason is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, reason))
        {
            Change(() => (Health, Reason) = (reason is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, reason));
        }
    }

    public string Describe() => Health == HealthStatus.Healthy ? "healthy" : Reason is null ? State : IsRunning ? $"not healthy ({Reason})" : Reason;

    public ResourceEvent ToEvent()
    {
        lock (_lock)
        {
            var properties = ImmutableArray<ResourcePropertySnapshot>.Empty;
            if (ProcessId is { } id)
            {
                properties = [new ResourcePropertySnapshot("executable.pid", id)];
            }

            return new ResourceEvent(Resource, Id, new CustomResourceSnapshot
            {
                ResourceType = Resource switch { ProjectResource => "Project", ContainerResource => "Container", _ => "Executable" },
                Properties = properties,
                EnvironmentVariables = Variables,
                State = new ResourceStateSnapshot(State, null),
                ExitCode = ExitCode,
                HealthStatus = Health,
            });
        }
    }

    public void Dispose() => CommandLock.Dispose();

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }

        changed();
    }
}
