namespace ReplyX.Bench.Peers;

/// <summary>A server that is measured.</summary>
internal abstract class Peer
{
    /// <summary>What the one process of a peer is called that has only one.</summary>
    public const string ServerName = "server";

    /// <summary>What the command line and the results call it.</summary>
    public abstract string Name { get; }

    /// <summary>What a table calls it.</summary>
    public abstract string Title { get; }

    /// <summary>What it is and how it is set up, for the results.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it is ours.</summary>
    public virtual bool IsReplyX => false;

    /// <summary>Whether it is another only in how messages reach its sockets, so that nothing else is measured.</summary>
    public virtual bool IsVariant => false;

    /// <summary>Whether an upgrade that names no room goes less far than another.</summary>
    public virtual bool HasBareHandshake => true;

    /// <summary>What the machine lacks for it, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>Starts it.</summary>
    public async Task<RunningPeer> StartAsync(CancellationToken cancel)
    {
        var running = new RunningPeer();
        try
        {
            await StartAsync(running, cancel);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    protected abstract Task StartAsync(RunningPeer running, CancellationToken cancel);

    protected static string? MissingTool(string tool) => Testing.RequiredTool.Find(tool) is null ? $"{tool} is not installed" : null;
}
