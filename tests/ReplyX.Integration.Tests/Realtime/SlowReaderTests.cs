using System.Net.Sockets;
using System.Text;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.PubSub;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task A_stalled_reader_is_closed_with_4010_delays_nobody_and_resumes()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "64"), ("Realtime:MaxQueuedBytes", "262144"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        using var stalled = await StalledSocket.OpenAsync(node.Url, path, token);
        await using var brisk = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        var connections = node.Service<ReplyX.Realtime.Connections.ConnectionTable>();

        // Every event is read by the brisk one before the next is said: were it to wait for the stalled one, this would not end.
        var text = new string('x', 8_000);
        var seq = 1;
        while (!connections.All.Any(connection => connection.CloseCode == 4010))
        {
            await node.SayAsync(dialog, text);
            Assert.Equal(++seq, (await brisk.ReceiveAsync($"event {seq} while another reader stalls")).GetProperty("seq").GetInt64());
            Assert.True(seq < 3_000, "The stalled reader was never closed.");
        }

        // What reached the stalled reader before is a prefix without a hole; what follows it is in the log.
        var (events, code) = await stalled.ReadAllAsync();
        Assert.Equal(Enumerable.Range(2, events.Count), events);
        Assert.True(code is 4010 or null, $"closed with {code}");
        var (resumed, connected) = await TestSocket.OpenAsync(node.Url, path, token, "0-0");
        Assert.True(connected.GetProperty("recovered").GetBoolean());
        for (var i = 1; i <= seq; i++)
        {
            Assert.Equal(i, (await resumed.ReceiveAsync()).GetProperty("seq").GetInt64());
        }

        await resumed.DisposeAsync();
    }

    [Fact]
    public async Task A_replay_longer_than_the_queue_goes_through_at_the_readers_pace()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "16"), ("Realtime:MaxQueuedBytes", "65536"));
        var (dialog, token) = await node.OpenDialogAsync();
        for (var i = 0; i < 400; i++)
        {
            await node.SayAsync(dialog, new string('x', 8_000));
        }

        var (socket, connected) = await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token, "0-0");
        Assert.True(connected.GetProperty("recovered").GetBoolean());
        for (var seq = 1; seq <= 401; seq++)
        {
            Assert.Equal(seq, (await socket.ReceiveAsync()).GetProperty("seq").GetInt64());
        }

        await socket.DisposeAsync();
    }

    [Fact]
    public async Task A_socket_that_reads_nothing_is_judged_by_its_queue_and_not_by_the_rate_for_answers()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "4096"), ("Realtime:MaxQueuedBytes", "33554432"), ("Connections:LeastAnswerRate", "1000000000"));
        var (dialog, token) = await node.OpenDialogAsync();
        using var stalled = await StalledSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token);

        // More than the system's buffers take.
        for (var i = 0; i < 800; i++)
        {
            await node.SayAsync(dialog, new string('x', 8_000));
        }

        // The rate would cut it five seconds after the buffers are full, and no signal tells of what does not happen.
        await Task.Delay(TimeSpan.FromSeconds(8), TestTimeout.Token());
        Assert.Equal(0, Assert.Single(node.Service<ReplyX.Realtime.Connections.ConnectionTable>().All).CloseCode);
    }

    [Theory]
    [InlineData('~', 0)]
    [InlineData('-', 4010)]
    public async Task What_may_be_missed_is_not_queued_for_a_stalled_reader(char kind, int expected)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "64"), ("Realtime:MaxQueuedBytes", "262144"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        using var stalled = await StalledSocket.OpenAsync(node.Url, path, token);
        var connection = Assert.Single(node.Service<ReplyX.Realtime.Connections.ConnectionTable>().All);
        await using var brisk = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;

        // More than the system's buffers and the queue take.
        var channel = RedisChannel.Literal(Backplane.ChannelOf(dialog));
        var published = node.Service<IConnectionMultiplexer>().GetSubscriber();
        for (var i = 0; i < 400 && connection.CloseCode == 0; i++)
        {
            var heard = brisk.ReceiveAsync($"piece {i}");
            await published.PublishAsync(channel, $"0 0 1 {kind}\n{{\"type\":\"message_delta\",\"text\":\"{new string('x', 60_000)}\"}}");
            Assert.Equal("message_delta", (await heard).GetProperty("type").GetString());
        }

        Assert.Equal(expected, connection.CloseCode);
        var said = await node.SayAsync(dialog, "The message");
        Assert.Equal(said.Seq, (await brisk.ReceiveAsync()).GetProperty("seq").GetInt64());
    }

    /// <summary>A client with a tiny receive buffer that reads only when it is asked to.</summary>
    private sealed class StalledSocket : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };

        public static async Task<StalledSocket> OpenAsync(Uri node, string path, string token)
        {
            var stalled = new StalledSocket();
            await stalled._socket.ConnectAsync(node.Host, node.Port, TestTimeout.Token());
            var request = $"GET {path} HTTP/1.1\r\nHost: {node.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: replyx.v1, replyx.token.{token}\r\n\r\n";
            await stalled._socket.SendAsync(Encoding.ASCII.GetBytes(request), TestTimeout.Token());

            // Up to the end of "connected", byte by byte, so that nothing of the live stream is taken.
            var read = new StringBuilder();
            var one = new byte[1];
            while (!read.ToString().EndsWith("Z\"}", StringComparison.Ordinal))
            {
                Assert.Equal(1, await stalled._socket.ReceiveAsync(one, TestTimeout.Token()));
                read.Append((char)one[0]);
            }

            return stalled;
        }

        /// <summary>Reads what is there to the end: the events' numbers, and the close code if one came through.</summary>
        public async Task<(List<int> Events, int? Code)> ReadAllAsync()
        {
            using var stream = new MemoryStream();
            var buffer = new byte[64 * 1024];
            try
            {
                int count;
                while ((count = await _socket.ReceiveAsync(buffer, TestTimeout.Token())) > 0)
                {
                    stream.Write(buffer, 0, count);
                }
            }
            catch (SocketException)
            {
                // Cut, after the time that a close may take.
            }

            var bytes = stream.ToArray();
            List<int> events = [];
            int? code = null;
            for (var at = 0; at + 2 <= bytes.Length;)
            {
                var length = bytes[at + 1] & 0x7F;
                var header = 2;
                if (length == 126)
                {
                    length = (bytes[at + 2] << 8) | bytes[at + 3];
                    header = 4;
                }

                if (at + header + length > bytes.Length)
                {
                    break;
                }

                var payload = bytes.AsSpan(at + header, length);
                if (bytes[at] == 0x88)
                {
                    code = (payload[0] << 8) | payload[1];
                }
                else if (bytes[at] == 0x81)
                {
                    // And no ping, which comes to whoever is there for five seconds.
                    using var json = System.Text.Json.JsonDocument.Parse(payload.ToArray());
                    events.Add(json.RootElement.GetProperty("seq").GetInt32());
                }

                at += header + length;
            }

            return (events, code);
        }

        public void Dispose() => _socket.Dispose();
    }
}
