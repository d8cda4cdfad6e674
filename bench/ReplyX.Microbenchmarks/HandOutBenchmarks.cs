using System.Buffers.Text;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Nodes;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using StackExchange.Redis;

namespace ReplyX.Microbenchmarks;

/// <summary>
/// What a node does of its own with an event between the feed and the system's <c>send</c>: parses its line, frames it, and hands it to
/// every socket of its dialog. The connections throw the bytes away, so that no system call is in the figures.
/// </summary>
[MemoryDiagnoser]
public class HandOutBenchmarks : IDisposable
{
    // One hop to the loop's thread and back for so many events.
    private const int Events = 1_024;
    private const long FirstSeq = 1_000_000_000;

    private readonly StreamKey _key = StreamKey.ForDialog("demo", 6_083_888_128_644_823);
    private readonly byte[] _template = Encoding.UTF8.GetBytes(PublishedEvent.Text(FirstSeq));
    private readonly byte[][] _received;
    private ServiceProvider _services = null!;
    private DeliveryLoop _loop = null!;
    private DialogChannel _channel = null!;
    private DiscardingTransport _last = null!;
    private long _seq = FirstSeq;

    public HandOutBenchmarks() => _received = [.. Enumerable.Range(0, 8).Select(_ => new byte[_template.Length])];

    /// <summary>How many sockets are on the dialog.</summary>
    [Params(1, 2, 100, 1_000)]
    public int Sockets { get; set; }

    /// <summary>How many events come with one read, and leave together.</summary>
    [Params(1, 8)]
    public int Together { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new RealtimeMetrics(_services.GetRequiredService<IMeterFactory>());

        // What only connects and appends use is left out: nothing here asks Redis.
        _loop = new DeliveryLoop(
            0,
            new DeliveryServices(
                log: null!,
                backplane: null!,
                new FeedEndpoint(new RedisPrimary(null!, new ConfigurationOptions(), new ChannelSharding(null!))),
                new ConnectionTable(metrics),
                connectionLimits: null!,
                gatekeeper: null!,
                new NodeIdentity(TimeProvider.System),
                metrics,
                Options.Create(new RealtimeOptions()),
                Options.Create(new LimitOptions()),
                Options.Create(new MessagingOptions()),
                TimeProvider.System,
                NullLogger<DeliveryLoop>.Instance),
            onFeed: _ => { });
        _loop.Start();

        var sockets = Enumerable.Range(0, Sockets).Select(_ => new SocketConnection(Visitor(), _loop)).ToList();
        var joined = await _loop.InvokeAsync(() => sockets.Select(socket => socket.JoinAsync()).ToList());
        await _loop.InvokeAsync(() =>
        {
            _channel = _loop.Channels.Single();
            StandAt(_channel, attempt: 0, new Cursor(_seq, 0x9f3c01ab));
        });
        await Task.WhenAll(joined);
        await _loop.InvokeAsync(() =>
        {
            foreach (var socket in sockets)
            {
                socket.Open(_last = new DiscardingTransport(), cursor: null);
            }
        });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _loop?.Dispose();
        _services?.Dispose();
    }

    /// <summary>One event, for all sockets of its dialog.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public Task HandOut() => _loop.InvokeAsync(() =>
    {
        var before = _last.Taken;
        for (var i = 0; i < Events; i += Together)
        {
            for (var j = 0; j < Together; j++)
            {
                ((IFeedListener)_channel).OnPublished(Next(_received[j]));
            }

            _loop.Flush();
        }

        if (_last.Taken - before < Events * 200)
        {
            throw new InvalidOperationException("The sockets did not get what was handed out.");
        }
    });

    // A hand-out writes frames' headers where it received, so that what is received next is laid there anew: some 20 ns of the figure.
    private Memory<byte> Next(byte[] received)
    {
        _template.CopyTo(received, 0);
        Utf8Formatter.TryFormat(++_seq, received, out _);
        return received;
    }

    private Peer Visitor() => new(
        SocketRoutes.All[0], _key, "0123456789abcdef", "g.0123456789abcdef", Name: null, TimeProvider.System.GetUtcNow().AddDays(1));

    // The one step of a channel's start that comes from the log: where it stands.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "OnHead")]
    private static extern void StandAt(DialogChannel channel, int attempt, Cursor head);
}
