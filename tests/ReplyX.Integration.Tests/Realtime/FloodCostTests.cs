using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>What floods cost is compared with what else the machine has to do: not a time for anything beside.</summary>
[CollectionDefinition(nameof(FloodCostTests), DisableParallelization = true)]
public sealed class FloodsAlone;

/// <summary>Peers that go on sending after the goodbye, as fast as the line carries it, cost a node next to nothing and others nothing.</summary>
[Collection(nameof(FloodCostTests))]
public sealed class FloodCostTests
{
    private const string Realtime = "ReplyX.Realtime";
    private const int Floods = 8;

    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(4);
    private static readonly byte[] _block = ClientFrame.Repeat(ClientFrame.Of(ClientFrame.PingOpcode), 10_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_after_the_goodbye_is_thrown_away_unread(bool refused)
    {
        // A tenth of what it costs to take frames of six bytes apart, and ten times what it costs to forget them.
        const double millisecondsPerMegabyte = 5;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync(Realtime, PublishedService.Settings(redis.ConnectionString));
        using var process = Process.GetProcessById(node.ProcessId);
        using var flood = await FrameSocket.OpenAsync(node.Address, "/ws/dialogs", refused ? "forged" : helper.OperatorToken());
        var before = process.TotalProcessorTime;

        // Until the node has had enough of it.
        var megabytes = await flood.FloodAsync(_block).Within("the end of the flood") / 1e6;

        process.Refresh();
        var spent = (process.TotalProcessorTime - before).TotalMilliseconds;
        Assert.True(
            spent < 1_000 + (megabytes * millisecondsPerMegabyte),
            string.Create(CultureInfo.InvariantCulture, $"{spent:0} ms of CPU for {megabytes:0.0} MB after the goodbye"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Floods_after_the_goodbye_leave_an_honest_pair_its_deliveries(bool refused)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync(Realtime, PublishedService.Settings(redis.ConnectionString));
        var (dialog, token) = await helper.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var one = (await TestSocket.OpenAsync(node.Address, path, token)).Socket;
        await using var other = (await TestSocket.OpenAsync(node.Address, path, token)).Socket;
        TestSocket[] pair = [one, other];

        // What the floods themselves take from the machine is told by floods of the same size that do not concern the node, in turns,
        // since what else the machine does changes.
        var flooder = refused ? "forged" : helper.OperatorToken();
        var (here, elsewhere) = (0.0, 0.0);
        for (var turn = 0; turn < 3; turn++)
        {
            using (new FloodedSink(Floods, _block))
            {
                elsewhere += await CountDeliveriesAsync(helper, dialog, pair);
            }

            using var stop = new CancellationTokenSource();
            var floods = Enumerable.Range(0, Floods).Select(_ => FloodUntilAsync(node.Address, flooder, stop.Token)).ToArray();
            here += await CountDeliveriesAsync(helper, dialog, pair);
            await stop.CancelAsync();
            await Task.WhenAll(floods);
        }

        // A node that throws all of it away gets about as many: a half is for a machine that is busy with more than this.
        Assert.True(
            here > elsewhere / 2,
            string.Create(CultureInfo.InvariantCulture, $"{here / 3:0.0} deliveries a second while the node is flooded, {elsewhere / 3:0.0} while another is"));
    }

    // Each is heard by both before the next is said: how many there are a second, in a while that is as long as a flood lasts.
    private static async Task<double> CountDeliveriesAsync(RealtimeNode helper, StreamKey dialog, TestSocket[] pair)
    {
        var clock = Stopwatch.StartNew();
        var count = 0;
        while (clock.Elapsed < _turn)
        {
            var said = await helper.SayAsync(dialog, "heard amid the flood");
            foreach (var socket in pair)
            {
                Assert.Equal(said.Seq, await ReceiveSeqAsync(socket));
            }

            count++;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    // A node that is as busy as this may tell its sockets that Redis is late.
    private static async Task<long> ReceiveSeqAsync(TestSocket socket)
    {
        while (true)
        {
            if ((await socket.ReceiveAsync("an event amid the flood")).TryGetProperty("seq", out var seq))
            {
                return seq.GetInt64();
            }
        }
    }

    // Comes back when it is cut, but not so often that its connects are what the node has to bear.
    private static async Task FloodUntilAsync(Uri node, string token, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var rest = Task.Delay(TimeSpan.FromSeconds(1), stop);
            try
            {
                using var flood = await FrameSocket.OpenAsync(node, "/ws/dialogs", token);
                await using var stopped = stop.Register(flood.Dispose);
                await flood.FloodAsync(_block);
            }
            catch (Exception exception) when (exception is SocketException or Xunit.Sdk.XunitException)
            {
                // Not let in: a node may do that, too.
            }

            await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A server that forgets what it is sent, and who floods it.</summary>
    private sealed class FloodedSink : IDisposable
    {
        private readonly List<Socket> _sockets = [];
        private readonly List<Thread> _threads = [];

        public FloodedSink(int floods, byte[] block)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            for (var i = 0; i < floods; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(listener.LocalEndpoint);
                var server = listener.AcceptSocket();
                var buffer = new byte[64 * 1024];
                _sockets.AddRange([client, server]);
                _threads.Add(new Thread(() => Repeat(() => client.Send(block))));
                _threads.Add(new Thread(() => Repeat(() => server.Receive(buffer))));
            }

            _threads.ForEach(thread => thread.Start());
        }

        public void Dispose()
        {
            _sockets.ForEach(socket => socket.Dispose());
            _threads.ForEach(thread => thread.Join());
        }

        private static void Repeat(Func<int> transfer)
        {
            try
            {
                while (transfer() > 0)
                {
                    // On and on.
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Ended.
            }
        }
    }
}
