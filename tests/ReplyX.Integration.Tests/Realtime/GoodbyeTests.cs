using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>How sockets end: both sides say so, and TCP follows at once and in good order.</summary>
public sealed class GoodbyeTests
{
    // So long that an end which comes by it is told from one that comes by itself.
    private const string CloseTimeout = "00:00:30";
    private static readonly TimeSpan _promptly = TimeSpan.FromSeconds(10);

    public static TheoryData<string, byte[]> Violations { get; } = new()
    {
        { "an unmasked frame", ClientFrame.Of(ClientFrame.TextOpcode, "{}"u8, masked: false) },
        { "an opcode that is reserved", ClientFrame.Of(0x3, "{}"u8) },
        { "a bit that is reserved", ClientFrame.Of(ClientFrame.TextOpcode, "{}"u8, reserved: 0x40) },
        { "a continuation of nothing", ClientFrame.Of(ClientFrame.Continuation, "{}"u8) },
        { "a ping in fragments", ClientFrame.Of(ClientFrame.PingOpcode, "{}"u8, final: false) },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task After_a_violation_TCP_ends_as_soon_as_the_goodbye_is_answered(string what, byte[] violation)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:CloseTimeout", CloseTimeout));
        using var socket = await FrameSocket.OpenAndGreetAsync(node.Url, "/ws/dialogs", node.OperatorToken());

        await socket.SendAsync(violation);
        Assert.Equal("close 1002", (await socket.ReadAsync($"the close after {what}"))?.ToString());
        await socket.SendAsync(ClientFrame.Close(1002));

        Assert.Null(await socket.ReadAsync($"the end after {what}", _promptly));
    }

    [Fact]
    public async Task The_goodbye_after_a_violation_reaches_a_peer_that_is_still_sending()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var more = new byte[256 * 1024];

        // A reset that overtakes the goodbye does so most times, not every time.
        for (var i = 0; i < 20; i++)
        {
            using var socket = await FrameSocket.OpenAndGreetAsync(node.Url, "/ws/dialogs", node.OperatorToken());
            await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, "{}"u8, masked: false));
            for (var sent = 0; sent < 4 && await socket.TrySendAsync(more); sent++)
            {
                // A peer that does not look at what it gets before it has said all it wanted to.
            }

            Assert.Equal("close 1002", (await socket.ReadAsync("the close"))?.ToString());
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(3001)]
    [InlineData(4321)]
    public async Task A_peer_that_says_goodbye_gets_its_own_code_back_and_TCP_ends(int code)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:CloseTimeout", CloseTimeout));
        using var socket = await FrameSocket.OpenAndGreetAsync(node.Url, "/ws/dialogs", node.OperatorToken());

        await socket.SendAsync(ClientFrame.Close(code));

        Assert.Equal($"close {code}", (await socket.ReadAsync("the answer"))?.ToString());
        Assert.Null(await socket.ReadAsync("the end", _promptly));
    }

    [Fact]
    public async Task Peers_that_say_goodbye_are_counted_one_by_one_and_their_codes_make_no_series_of_their_own()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync("ReplyX.Realtime", PublishedService.Settings(redis.ConnectionString));
        using var metrics = new NodeMetrics(node.Address);
        var codes = Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? 3_000 + i : 4_500 + i).ToArray();

        foreach (var code in codes)
        {
            using var socket = await FrameSocket.OpenAndGreetAsync(node.Address, "/ws/dialogs", helper.OperatorToken());
            await socket.SendAsync(ClientFrame.Close(code));
            await socket.ReadToEndAsync();
        }

        await metrics.UntilAsync("websocket_disconnects_total", "type=\"list\"", codes.Length, _promptly);
        var series = await metrics.ReadAsync("websocket_disconnects_total");
        Assert.DoesNotContain(series, each => each.Key.Contains("code=\"1006\"", StringComparison.Ordinal));
        Assert.InRange(series.Count, 1, 4);
    }
}
