using Microsoft.Extensions.Options;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Draining;

/// <summary>
/// Hands this node's sockets over to the others: refuses new ones, then closes the open ones in batches over the drain window, each with a
/// hint of when to come back, so that the other nodes get them one after another. Done on request, and before the server stops.
/// </summary>
internal sealed partial class Drainer(
    DrainState state,
    ConnectionTable connections,
    IOptions<RealtimeOptions> options,
    TimeProvider time,
    ILogger<Drainer> logger) : IHostedLifecycleService, IDisposable
{
    private const int Batches = 20;
    private static readonly TimeSpan _maxHint = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private CancellationTokenSource _undrained = new();
    private Task _handover = Task.CompletedTask;

    /// <summary>Begins to drain, unless that is under way or done.</summary>
    /// <returns>How many sockets are open.</returns>
    public int Drain()
    {
        lock (_gate)
        {
            if (state.TryDrain())
            {
                _handover = HandOverAsync(_undrained.Token);
            }

            return connections.Count;
        }
    }

    /// <summary>Puts the node back into service. Sockets that were not told to leave yet stay.</summary>
    /// <returns>False if the node stops, which nothing takes back.</returns>
    public bool Undrain()
    {
        lock (_gate)
        {
            if (!state.TryUndrain())
            {
                return false;
            }

            _undrained.Cancel();
            _undrained.Dispose();
            _undrained = new CancellationTokenSource();
            return true;
        }
    }

    /// <summary>Sends a socket to another node, with a hint of when to come there.</summary>
    public static void SendAway(SocketConnection connection) => connection.Loop.Post(() =>
    {
        // The first frame of a socket is `connected`: who was not greeted yet is told by the close code alone.
        if (connection.IsGreeted)
        {
            connection.Send(ServerFrames.Reconnect(_maxHint * Random.Shared.NextDouble()));
        }

        connection.Close(CloseCode.ServiceRestart, "The node leaves service; connect again.");
    });

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Task drained;
        var begun = time.GetTimestamp();
        lock (_gate)
        {
            drained = _handover;
            state.Stop();
        }

        // A drain that is under way goes on in its own time; whatever is open then, and had no drain, leaves in the same way.
        await drained.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await HandOverAsync(cancellationToken);
        if (options.Value.DrainNotice - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Who does not answer the goodbye is cut by its own close time-out, which runs already.
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _undrained.Dispose();

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        var open = connections.All.Where(connection => !connection.IsClosing).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        Random.Shared.Shuffle(open);
        Log.Draining(logger, open.Length, options.Value.DrainWindow);
        var pause = options.Value.DrainWindow / Batches;
        foreach (var batch in open.Chunk(Math.Max(1, (open.Length + Batches - 1) / Batches)))
        {
            foreach (var connection in batch)
            {
                SendAway(connection);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Draining {Sockets} sockets over {Window}")]
        public static partial void Draining(ILogger logger, int sockets, TimeSpan window);
    }
}
