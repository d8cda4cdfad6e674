using Microsoft.Extensions.Options;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Draining;

/// <summary>
/// Takes leave of the sockets before the server stops: refuses new ones, then closes the open ones in batches over the drain
/// window, each with a hint of when to come back, so that the other nodes get them one after another.
/// </summary>
internal sealed partial class DrainOnStop(
    DrainState state,
    ConnectionTable connections,
    IOptions<RealtimeOptions> options,
    TimeProvider time,
    ILogger<DrainOnStop> logger) : IHostedLifecycleService
{
    private const int Batches = 20;
    private static readonly TimeSpan _maxHint = TimeSpan.FromSeconds(2);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!state.Begin())
        {
            return;
        }

        var open = connections.All.ToArray();
        Random.Shared.Shuffle(open);
        Log.Draining(logger, open.Length, options.Value.DrainWindow);
        var pause = options.Value.DrainWindow / Batches;
        foreach (var batch in open.Chunk(Math.Max(1, (open.Length + Batches - 1) / Batches)))
        {
            foreach (var connection in batch)
            {
                connection.Send(ServerFrames.Reconnect(_maxHint * Random.Shared.NextDouble()));
                connection.Close(CloseCode.ServiceRestart, "The node is stopping.");
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Who does not answer the goodbye is cut by its own close time-out, which runs already.
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Draining {Sockets} sockets over {Window}")]
        public static partial void Draining(ILogger logger, int sockets, TimeSpan window);
    }
}
