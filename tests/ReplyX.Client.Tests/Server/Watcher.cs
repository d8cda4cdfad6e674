using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ReplyX.Client.Tests.Server;

/// <summary>A connection together with the one who reads its events.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly Channel<ReplyXEvent> _events = Channel.CreateUnbounded<ReplyXEvent>();
    private readonly ConcurrentQueue<ReplyXEvent> _all = new();
    private Task? _reading;

    public Watcher(ReplyXConnectionOptions options, ILogger<ReplyXConnection>? logger = null)
        => Connection = new ReplyXConnection(options, logger);

    public ReplyXConnection Connection { get; }

    /// <summary>Everything read so far.</summary>
    public IReadOnlyCollection<ReplyXEvent> All => _all;

    /// <summary>The numbers of the stored events read so far.</summary>
    public IReadOnlyList<long> Seqs => [.. _all.Where(e => e.Cursor is not null).Select(e => e.Seq)];

    public static async Task<Watcher> ConnectAsync(ReplyXConnectionOptions options, ILogger<ReplyXConnection>? logger = null)
    {
        var watcher = new Watcher(options, logger);
        watcher.Read();
        await Wait.For(watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken), "the connection");
        return watcher;
    }

    public void Read() => _reading ??= Task.Run(async () =>
    {
        await foreach (var next in Connection.ReadEventsAsync())
        {
            _all.Enqueue(next);
            _events.Writer.TryWrite(next);
        }

        _events.Writer.Complete();
    });

    /// <summary>The next event of a kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>()
        where T : ReplyXEvent
    {
        while (true)
        {
            if (await Wait.For(ReadAsync(), $"the next {typeof(T).Name}") is T found)
            {
                return found;
            }
        }
    }

    /// <summary>Waits until an event with a number was read.</summary>
    public async Task UntilAsync(long seq)
    {
        while ((await NextAsync<ReplyXEvent>()).Seq != seq)
        {
        }
    }

    /// <summary>Waits until the events have ended.</summary>
    public async Task<ConnectionEnd> EndAsync()
    {
        await Wait.For(_reading!, "the end of the events");
        return Connection.End!;
    }

    public async ValueTask DisposeAsync()
    {
        // Bounded: on a clock that a failed test no longer moves, closing would wait for ever.
        await Wait.For(Connection.DisposeAsync().AsTask(), "closing");
        if (_reading is not null)
        {
            await Wait.For(_reading, "the end of the events");
        }
    }

    private async Task<ReplyXEvent> ReadAsync()
    {
        try
        {
            return await _events.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The connection ended: {Connection.End}");
        }
    }
}
