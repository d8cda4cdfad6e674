using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReplyX.LocalHosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reports the state of resources.</summary>
public class ResourceNotificationService
{
    private readonly InstanceRegistry _instances;

    internal ResourceNotificationService(InstanceRegistry instances) => _instances = instances;

    /// <summary>Waits until a resource and all its replicas are healthy, and fails once one of them has stopped.</summary>
    /// <param name="resourceName">A resource's name, or the id of one replica.</param>
    /// <param name="cancellationToken">Ends the wait; the exception then names the resource and ends with its last log lines.</param>
    /// <returns>The state that ended the wait.</returns>
    /// <exception cref="DistributedApplicationException">The resource is unknown, or has stopped.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a resource and all its replicas are healthy.</summary>
    /// <param name="resourceName">A resource's name, or the id of one replica.</param>
    /// <param name="waitBehavior">What to do when one of them has stopped.</param>
    /// <param name="cancellationToken">Ends the wait; the exception then names the resource and ends with its last log lines.</param>
    /// <returns>The state that ended the wait.</returns>
    /// <exception cref="DistributedApplicationException">The resource is unknown, or has stopped and was not to be waited for.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        if (_instances.Find(resourceName).Count == 0)
        {
            throw new DistributedApplicationException($"There is no resource '{resourceName}' to wait for.");
        }

        try
        {
            while (true)
            {
                var changed = _instances.Changed;
                var found = _instances.Find(resourceName);
                if (found.All(instance => instance.Health == HealthStatus.Healthy))
                {
                    return found[0].ToEvent();
                }

                if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && found.FirstOrDefault(instance => instance.IsTerminal) is { } stopped)
                {
                    throw new DistributedApplicationException(
                        $"'{stopped.Id}' will not become healthy: {stopped.Describe()}.{stopped.Log.Tail()}");
                }

                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            var late = _instances.Find(resourceName).Where(instance => instance.Health != HealthStatus.Healthy).ToList();
            throw new OperationCanceledException(
                $"'{resourceName}' did not become healthy before the wait was cancelled."
                + string.Concat(late.Select(instance => $"\n{instance.Id}: {instance.Describe()}.{instance.Log.Tail()}")),
                e, cancellationToken);
        }
    }

    /// <summary>Waits until a resource, or any of its replicas, is in a state.</summary>
    /// <param name="resourceName">A resource's name, or the id of one replica.</param>
    /// <param name="targetState">One of <see cref="KnownResourceStates"/>; Running if not given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends with the wait.</returns>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = _instances.Changed;
            if (_instances.Find(resourceName).Any(instance => instance.State == (targetState ?? KnownResourceStates.Running)))
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives what is known of a resource or replica now.</summary>
    /// <param name="resourceId">The id, or the name of a resource without replicas.</param>
    /// <param name="resourceEvent">What is known.</param>
    /// <returns>Whether there is such a resource or replica.</returns>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        var found = _instances.Find(resourceId);
        resourceEvent = found.Count == 1 ? found[0].ToEvent() : null;
        return resourceEvent is not null;
    }

    /// <summary>Gives the present state of everything, then every change.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>States; a replica that changes twice in a row may show only its last one.</returns>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = new Dictionary<string, CustomResourceSnapshot>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var changed = _instances.Changed;
            foreach (var instance in _instances.All)
            {
                var now = instance.ToEvent();
                if (!seen.TryGetValue(instance.Id, out var before) || before != now.Snapshot)
                {
                    seen[instance.Id] = now.Snapshot;
                    yield return now;
                }
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>What a wait does when its resource has stopped or failed.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on, since the resource may be started again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Fails.</summary>
    StopOnResourceUnavailable = 1,
}
