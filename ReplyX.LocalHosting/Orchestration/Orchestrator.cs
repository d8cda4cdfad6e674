using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReplyX.LocalHosting.Console;
using ReplyX.LocalHosting.Health;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Processes;
using ReplyX.LocalHosting.Proxy;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>Starts replicas as soon as what they wait for is healthy, watches them, and stops them, dependents first.</summary>
internal sealed class Orchestrator(
    ResourceList resources,
    InstanceRegistry instances,
    PortPlan ports,
    Launcher launcher,
    HealthProbe probe,
    ResourceConsole console,
    LocalHostingOptions options,
    TimeProvider time) : IAsyncDisposable
{
    // Short while a start is awaited, longer once it is healthy: an exit is noticed at once, without a health check.
    private static readonly TimeSpan _unhealthyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _healthyInterval = TimeSpan.FromSeconds(2);

    private readonly List<ReplicaProxy> _proxies = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _stopped;

    /// <summary>Whether an exit is reported. During the start it fails the start instead, and during the stop it is expected.</summary>
    public bool ReportsExits { get; set; }

    /// <exception cref="DistributedApplicationException">A port is taken, or a resource cannot be run here; nothing has been started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (resources.OfType<ContainerResource>().FirstOrDefault() is { } container)
        {
            throw new DistributedApplicationException(
                $"Resource '{container.Name}' is a container, which the local engine cannot run: leave out Containers=true, or run on Aspire.");
        }

        if (resources.FirstOrDefault(resource => resource.Annotations.OfType<EndpointSpec>().Any(endpoint => endpoint.Scheme == "https")) is { } secure)
        {
            throw new DistributedApplicationException(
                $"Resource '{secure.Name}' has an https endpoint, for which the local engine has no certificate: add it when publishing, or run on Aspire.");
        }

        ports.Assign(instances);
        foreach (var resource in resources.Where(resource => ReplicaSpec.CountOf(resource) > 1))
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointSpec>())
            {
                _proxies.Add(await ReplicaProxy.StartAsync(endpoint, instances.Of(resource), cancellationToken).ConfigureAwait(false));
            }
        }

        foreach (var instance in instances.All)
        {
            _ = StartWhenReadyAsync(instance);
        }
    }

    /// <summary>Ends when everything is healthy.</summary>
    /// <exception cref="DistributedApplicationException">Something stopped or did not become healthy in time; named, with its last lines.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ReadyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            var changed = instances.Changed;
            if (FirstEnded() is { } ended)
            {
                throw new DistributedApplicationException($"Resource '{ended.Id}' failed: {ended.Describe()}.{ended.Log.Tail()}");
            }

            if (instances.All.All(instance => instance.Health == HealthStatus.Healthy))
            {
                return;
            }

            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A resource that waits for another one is not the cause, so one that runs is named first.
                var late = instances.All.FirstOrDefault(instance => instance.IsRunning && instance.Health != HealthStatus.Healthy)
                    ?? instances.All.First(instance => instance.Health != HealthStatus.Healthy);
                throw new DistributedApplicationException(
                    $"Resource '{late.Id}' did not become healthy within {options.ReadyTimeout.TotalSeconds:0} s: {late.Describe()}.{late.Log.Tail()}");
            }
        }
    }

    /// <summary>Starts a replica that does not run.</summary>
    public async Task LaunchAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        instance.Starting();
        var spec = await launcher.PrepareAsync(instance, cancellationToken).ConfigureAwait(false);
        var process = ChildProcess.Start(spec, (line, isError) =>
        {
            instance.Log.Append(line, isError);
            console.WriteResourceLine(instance.Id, line);
        });
        try
        {
            instance.Running(process, await process.Started.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The instance does not hold the process yet, so nothing else would stop it.
            await process.StopAsync().ConfigureAwait(false);
            throw;
        }

        _ = WatchAsync(instance, process);
    }

    public static async Task StopInstanceAsync(ResourceInstance instance)
    {
        if (instance.Process is { } process)
        {
            instance.Stopping();
            await process.StopAsync().ConfigureAwait(false);
            instance.Finished(await process.Completion.ConfigureAwait(false));
        }
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        ReportsExits = false;
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var rank in StartOrder.Of(resources).Reverse())
        {
            await Task.WhenAll(rank.SelectMany(instances.Of).Select(StopExclusivelyAsync)).ConfigureAwait(false);
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>The resource to name in the error: not one that only waited for another that failed.</summary>
    private ResourceInstance? FirstEnded() =>
        instances.All.FirstOrDefault(instance => instance.IsTerminal && instance.ExitCode is not null)
        ?? instances.All.FirstOrDefault(instance =>
            instance.IsTerminal && !WaitSpec.DependenciesOf(instance.Resource).SelectMany(instances.Of).Any(other => other.IsTerminal));

    private static async Task StopExclusivelyAsync(ResourceInstance instance)
    {
        await instance.CommandLock.WaitAsync().ConfigureAwait(false);
        try
        {
            await StopInstanceAsync(instance).ConfigureAwait(false);
        }
        finally
        {
            instance.CommandLock.Release();
        }
    }

    private async Task StartWhenReadyAsync(ResourceInstance instance)
    {
        try
        {
            foreach (var dependency in WaitSpec.DependenciesOf(instance.Resource))
            {
                await WaitForAsync(instance, dependency).ConfigureAwait(false);
            }

            await instance.CommandLock.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                // A command may have started it already.
                if (instance.Process is null)
                {
                    await LaunchAsync(instance, _stopping.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                instance.CommandLock.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
        catch (Exception e)
        {
            instance.Failed(e.Message);
        }
    }

    private async Task WaitForAsync(ResourceInstance instance, IResource dependency)
    {
        var awaited = instances.Of(dependency);
        if (awaited.Count > 0)
        {
            instance.Waiting($"waits for '{dependency.Name}'");
        }

        while (true)
        {
            var changed = instances.Changed;
            if (awaited.All(other => other.Health == HealthStatus.Healthy))
            {
                return;
            }

            if (awaited.FirstOrDefault(other => other.IsTerminal) is { } ended)
            {
                throw new DistributedApplicationException($"it waits for '{ended.Id}', which {ended.Describe()}");
            }

            await changed.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(ResourceInstance instance, ChildProcess process)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var health = WatchHealthAsync(instance, process, ended.Token);
        var exitCode = await process.Completion.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await health.ConfigureAwait(false);
        process.Dispose();
        if (instance.IsRunning && ReferenceEquals(instance.Process, process))
        {
            instance.Finished(exitCode);
            if (ReportsExits)
            {
                console.WriteError($"'{instance.Id}' ended by itself with exit code {exitCode}; everything else runs on.{instance.Log.Tail()}");
            }
        }
    }

    private async Task WatchHealthAsync(ResourceInstance instance, ChildProcess process, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                var reason = HealthProbe.IsProbed(instance.Resource) ? await probe.CheckAsync(instance, cancellationToken).ConfigureAwait(false) : null;
                instance.HealthChecked(process, reason);
                await Task.Delay(reason is null ? _healthyInterval : _unhealthyInterval, time, cancellationToken).ConfigureAwait(false);
            }
            while (true);
        }
        catch (OperationCanceledException)
        {
            // The process has ended, or is about to.
        }
    }
}
