namespace ReplyX.Realtime.Nodes;

/// <summary>This process among the nodes.</summary>
internal sealed class NodeIdentity(TimeProvider time)
{
    /// <summary>New with every start, so that a restarted node is not taken for the one before.</summary>
    public string Id { get; } = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();
}
