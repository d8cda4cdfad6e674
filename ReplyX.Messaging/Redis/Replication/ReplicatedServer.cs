using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>
/// The connections to one server. Each takes all that waits to be sent, sends it with one WAIT behind it, and takes the next when that is
/// answered: so an idle server answers at once, a busy one with a WAIT for many, and where a replica is gone nothing but these
/// connections stands still, for no longer than the time that replicas are given.
/// </summary>
internal sealed partial class ReplicatedServer : IAsyncDisposable
{
    /// <summary>How many connections a process has at the most. Measured in docs/adr/0021-replicas.md.</summary>
    private const int MostConnections = 4;

    // What Redis does at one go holds up everybody.
    private const int MostAtOnce = 64;

    private readonly Channel<ReplicatedWrite> _waiting = Channel.CreateUnbounded<ReplicatedWrite>();
    private readonly CancellationTokenSource _stop = new();
    private readonly RedisPrimary _primary;
    private readonly EndPoint _endpoint;
    private readonly ReplicaWait _wait;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private readonly Task[] _running;

    public ReplicatedServer(RedisPrimary primary, EndPoint endpoint, ReplicaWait wait, TimeSpan patience, ILogger logger)
    {
        _primary = primary;
        _endpoint = endpoint;
        _wait = wait;
        _patience = patience;
        _logger = logger;

        // Not as part of the request that happens to be the first.
        using (ExecutionContext.SuppressFlow())
        {
            _running = [.. Enumerable.Range(0, MostConnections).Select(_ => Task.Run(RunAsync))];
        }
    }

    public void Enqueue(ReplicatedWrite write)
    {
        if (!_waiting.Writer.TryWrite(write))
        {
            write.Fail(new ObjectDisposedException(nameof(ReplicatedServer)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        ReplicatedConnection? connection = null;
        var writes = new List<ReplicatedWrite>(MostAtOnce);
        try
        {
            while (true)
            {
                writes.Clear();

                // Handed to one of those that wait for it, and not to all.
                writes.Add(await _waiting.Reader.ReadAsync(_stop.Token));
                while (writes.Count < MostAtOnce && _waiting.Reader.TryRead(out var write))
                {
                    writes.Add(write);
                }

                writes.RemoveAll(static write => write.IsGivenUp);
                if (writes.Count > 0)
                {
                    connection = await RunAsync(writes, connection);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            while (_waiting.Reader.TryRead(out var write))
            {
                write.Fail(new ObjectDisposedException(nameof(ReplicatedServer)));
            }
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    // The connection for the next; null if this one is of no use any more.
    private async Task<ReplicatedConnection?> RunAsync(List<ReplicatedWrite> writes, ReplicatedConnection? connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(_patience);
        try
        {
            if (connection?.IsClosed == true)
            {
                await CloseAsync(connection);
                connection = null;
            }

            connection ??= await OpenAsync(patience.Token);
            var waited = await connection.RunAsync(writes, _wait, patience.Token);
            if (waited.Error is null)
            {
                return connection;
            }

            // A server that was demoted, or one that cannot wait at all: ReplicasCheck says so.
            Log.CannotWait(_logger, _wait.Command, _endpoint, waited.Error);
        }
        catch (Exception exception)
        {
            // Whatever it was, what was sent may have happened.
            Log.Lost(_logger, _endpoint, exception.Message);
            var unavailable = exception is RedisServerException ? exception : new IOException(exception.Message, exception);
            writes.ForEach(write => write.Fail(unavailable));
        }

        await CloseAsync(connection);
        return null;
    }

    private async Task<ReplicatedConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_primary.ConnectPatience);
        return await ReplicatedConnection.OpenAsync(_primary, _endpoint, patience.Token);
    }

    private static async Task CloseAsync(ReplicatedConnection? connection)
    {
        try
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // It was broken already.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Command} on {Server} failed, and appends are not acknowledged: {Error}")]
        public static partial void CannotWait(ILogger logger, string command, EndPoint server, string error);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The connection for appends to {Server} is lost: {Reason}")]
        public static partial void Lost(ILogger logger, EndPoint server, string reason);
    }
}
