using System.Net.WebSockets;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>How long a socket lives: as long as its peer is heard and its token lasts.</summary>
public sealed class LifetimeTests() : NodeTest(
    ("Realtime:HeartbeatInterval", "00:00:01"),
    ("Realtime:SilenceTimeout", "00:00:03"),
    ("Tokens:DialogLifetime", "00:00:04"),
    ("Realtime:TokenExpiryNotice", "00:00:03"))
{
    [Fact]
    public async Task A_token_that_runs_out_is_announced_refreshed_or_closed_with_4001()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        var guest = (await Node.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.GuestId;
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var refreshes = (await TestSocket.OpenAsync(Node.Url, path, token)).Socket;
        await using var lapses = (await TestSocket.OpenAsync(Node.Url, path, token)).Socket;

        Assert.Equal("token_expiring", (await refreshes.ReceiveAsync()).GetProperty("type").GetString());
        var fresh = Node.Tokens.Issue(new DialogClaims(dialog, "shop", DialogMode.Widget, guest)).Token;
        await refreshes.SendAsync(JsonSerializer.Serialize(new { type = "refresh", token = fresh }));
        Assert.Equal("refreshed", (await refreshes.ReceiveAsync()).GetProperty("type").GetString());

        var pinging = PingAsync(lapses);
        Assert.Equal(4001, await lapses.ReceiveCloseAsync());
        await pinging;
        await using var late = await TestSocket.ConnectAsync(Node.Url, path, token);
        Assert.Equal(4001, await late.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_silent_socket_is_closed_with_1001()
    {
        await using var socket = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;

        Assert.Equal(1001, await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_page_that_hangs_is_silent_though_its_browser_answers_pings()
    {
        using var socket = await FrameSocket.OpenAndGreetAsync(Node.Url, "/ws/dialogs", Node.OperatorToken());
        var reading = socket.ReadToEndAsync();
        var limit = TestTimeout.Token();

        while (!reading.IsCompleted && await socket.TrySendAsync(ClientFrame.Of(ClientFrame.PongOpcode, "anything"u8)))
        {
            await Task.Delay(300, limit);
        }

        Assert.Equal(1001, Assert.Single(await reading, frame => frame.IsClose).CloseCode);
    }

    private static async Task PingAsync(TestSocket socket)
    {
        try
        {
            for (var i = 0; i < 20; i++)
            {
                await socket.SendAsync("__ping__");
                await Task.Delay(500, TestTimeout.Token());
            }
        }
        catch (WebSocketException)
        {
            // Closed, as expected.
        }
    }
}
