using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;

namespace ReplyX.Bench.Peers;

/// <summary>The processes of a peer, and how it is spoken to.</summary>
internal sealed class RunningPeer : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<IDisposable> _folders = [];
    private readonly List<Func<string>> _logs = [];

    /// <summary>The processes whose CPU time and memory count.</summary>
    public List<MeasuredProcess> Processes { get; } = [];

    public PeerProtocol Protocol { get; set; } = null!;

    /// <summary>Where its services answer requests, where that is known.</summary>
    public List<Uri> Services { get; } = [];

    /// <summary>Makes rooms that sockets may join.</summary>
    public Func<int, CancellationToken, Task<IReadOnlyList<Room>>> MakeRoomsAsync { get; set; }
        = (count, _) => Task.FromResult<IReadOnlyList<Room>>([.. Enumerable.Range(0, count).Select(i => new Room($"room-{i:x4}"))]);

    /// <summary>What the servers wrote last, for a failure's message.</summary>
    public string Logs => string.Join('\n', _logs.Select(log => log()));

    /// <summary>Takes a server into the peer.</summary>
    public void Add(ServerProcess server)
    {
        _owned.Add(server);
        _logs.Add(() => $"--- {server.Name} ---\n{server.LastOutput}");
        Processes.Add(new MeasuredProcess(server.Name, server.ProcessId));
    }

    /// <summary>Takes a Redis into the peer.</summary>
    public void Add(ReplyX.Testing.RedisServer redis)
    {
        _owned.Add(redis);
        _logs.Add(() => $"--- redis ---\n{redis.LastOutput}");
        Processes.Add(new MeasuredProcess(ReplyXPeer.RedisProcess, redis.ProcessId));
    }

    /// <summary>Takes a folder that goes when the servers have ended.</summary>
    public void Own(IDisposable owned) => _folders.Add(owned);

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _folders.ForEach(folder => folder.Dispose());
    }
}
