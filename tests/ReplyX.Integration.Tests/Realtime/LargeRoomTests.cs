using System.Globalization;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>A room in which a hand-out takes milliseconds, so that amid a burst events wait for each other.</summary>
public sealed class LargeRoomTests
{
    private const string Unlimited = "100000";

    [Fact]
    public async Task A_burst_to_a_large_room_arrives_whole_and_in_order_with_what_is_not_stored_between()
    {
        const int Sockets = 800;
        const int Senders = 8;
        const int EventsEach = 20;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis,
            ("Logging:LogLevel:Default", "Warning"),
            ("Limits:SocketsPerDialog", Unlimited),
            ("Limits:SocketsPerPrincipal", Unlimited),
            ("Limits:ConnectsPerSecond", Unlimited),
            ("Limits:ConnectBurst", Unlimited));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var sockets = new CountingSocket[Sockets];
        await Parallel.ForAsync(0, Sockets, async (i, _) => sockets[i] = await CountingSocket.OpenAsync(node.Url, path, token));
        await using var typist = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;

        var sending = Parallel.ForAsync(0, Senders, async (sender, _) =>
        {
            for (var i = 0; i < EventsEach; i++)
            {
                await node.SayAsync(dialog, string.Create(CultureInfo.InvariantCulture, $"{sender} {i}"));
                if (i % 8 == sender)
                {
                    await typist.SendAsync("""{"type":"typing_start"}""");
                }
            }
        });
        await Task.WhenAll(sockets.Select(async socket =>
        {
            var seq = 2L;
            while (seq < 2 + (Senders * EventsEach))
            {
                using var message = JsonDocument.Parse(await socket.ReceiveAsync());
                if (message.RootElement.TryGetProperty("seq", out var number))
                {
                    Assert.Equal(seq++, number.GetInt64());
                }
                else
                {
                    Assert.Equal("typing_start", message.RootElement.GetProperty("type").GetString());
                }
            }
        })).Within("every event on every socket");
        await sending;
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }
}
