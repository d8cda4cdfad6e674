using ReplyX.LocalHosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What resources wrote.</summary>
public class ResourceLoggerService
{
    private readonly InstanceRegistry _instances;

    internal ResourceLoggerService(InstanceRegistry instances) => _instances = instances;

    /// <summary>Gives the lines kept so far and ends.</summary>
    /// <param name="resourceName">A resource's name, for all its replicas, or the id of one.</param>
    /// <returns>One batch of lines a replica.</returns>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        foreach (var instance in _instances.Find(resourceName))
        {
            yield return await Task.FromResult(instance.Log.Snapshot()).ConfigureAwait(false);
        }
    }
}

/// <summary>A line that a resource wrote.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">The text.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
