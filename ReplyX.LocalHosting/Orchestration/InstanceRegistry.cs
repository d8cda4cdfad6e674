using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>All replicas of all resources that have processes, and a signal that one of them has changed.</summary>
internal sealed class InstanceRegistry : IDisposable
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InstanceRegistry(ResourceList resources)
    {
        All = [.. resources.Where(HasProcess).SelectMany(Replicas)];
    }

    public IReadOnlyList<ResourceInstance> All { get; }

    /// <summary>Completes with the next change. Get it before reading the state, or a change in between is missed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public IReadOnlyList<ResourceInstance> Of(IResource resource) => [.. All.Where(instance => ReferenceEquals(instance.Resource, resource))];

    /// <summary>All replicas of the resource with this name, or the one replica with this id.</summary>
    public IReadOnlyList<ResourceInstance> Find(string nameOrId) =>
        [.. All.Where(instance =>
            instance.Resource.Name.Equals(nameOrId, StringComparison.OrdinalIgnoreCase)
            || instance.Id.Equals(nameOrId, StringComparison.OrdinalIgnoreCase))];

    public void Dispose()
    {
        foreach (var instance in All)
        {
            instance.Dispose();
        }
    }

    private static bool HasProcess(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    private IEnumerable<ResourceInstance> Replicas(IResource resource)
    {
        var count = ReplicaSpec.CountOf(resource);
        return Enumerable.Range(1, count).Select(number => new ResourceInstance(
            resource, count == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{number}"), Signal));
    }

    private void Signal() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
