using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Frames that come as fast as the line carries them: they are counted whatever they are, and cost nobody else.</summary>
public sealed class FrameFloodTests
{
    private static readonly byte[] _ping = ClientFrame.Of(ClientFrame.PingOpcode);

    [Fact]
    public async Task Empty_fragments_at_line_rate_close_with_4008()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        using var socket = await FrameSocket.OpenAndGreetAsync(node.Url, "/ws/dialogs", node.OperatorToken());
        var fragments = ClientFrame.Repeat(ClientFrame.Of(ClientFrame.Continuation, final: false), 100_000);

        // Two million, and far fewer pings than may come at once.
        var reading = FirstThatIsNoPongAsync(socket);
        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, "{"u8, final: false));
        for (var i = 0; i < 20 && await socket.TrySendAsync(fragments) && await socket.TrySendAsync(_ping); i++)
        {
            // Until it is told to stop.
        }

        // Whoever has parsed all of it answers this.
        await socket.TrySendAsync(ClientFrame.Of(ClientFrame.PingOpcode, "the last"u8));

        Assert.Equal("close 4008", await reading);
    }

    [Fact]
    public async Task Fragments_of_a_byte_each_close_with_4008_before_their_message_is_whole()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        using var socket = await FrameSocket.OpenAndGreetAsync(node.Url, "/ws/dialogs", node.OperatorToken());

        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, "{"u8, final: false));
        await socket.TrySendAsync(ClientFrame.Repeat(ClientFrame.Of(ClientFrame.Continuation, " "u8, final: false), 30_000));
        await socket.TrySendAsync(ClientFrame.Of(ClientFrame.PingOpcode, "the last"u8));

        Assert.Equal("close 4008", await FirstThatIsNoPongAsync(socket));
    }

    [Theory]
    [InlineData(false, "close 4008")]
    [InlineData(true, "close 4002")]
    public async Task After_the_goodbye_no_frame_is_answered_and_the_connection_ends(bool refused, string goodbye)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:CloseTimeout", "00:00:01"));
        using var socket = await FrameSocket.OpenAsync(node.Url, "/ws/dialogs", refused ? "forged" : node.OperatorToken());
        var block = ClientFrame.Repeat([.. _ping, .. ClientFrame.Text("__ping__")], 10_000);

        var flooding = Task.Run(async () =>
        {
            while (await socket.TrySendAsync(block))
            {
                // As long as it is taken.
            }
        });
        var frames = await socket.ReadToEndAsync();
        await flooding;

        var at = frames.FindIndex(frame => frame.IsClose);
        Assert.True(at >= 0, $"no goodbye among {frames.Count} frames");
        Assert.Equal(goodbye, frames[at].ToString());
        Assert.Empty(frames[(at + 1)..]);
    }

    // What a flood's own pings are answered by until the node has had enough is not of interest; what the last one is, is.
    private static async Task<string> FirstThatIsNoPongAsync(FrameSocket socket)
    {
        ServerFrame? frame;
        do
        {
            frame = await socket.ReadAsync("the goodbye");
        }
        while (frame is { IsPong: true, Text: "" });

        return frame switch
        {
            null => "the end",
            { IsPong: true } => "the pong to the ping behind the flood",
            _ => frame.ToString(),
        };
    }
}
