using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class HostileSocketTests
{
    private const int Attempts = 1_000;

    [Fact]
    public async Task A_thousand_hostile_connects_all_get_a_documented_close_code_or_error_and_leave_nothing_in_the_log()
    {
        var random = Seed.Random();
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:SocketsPerDialog", "10000"), ("Limits:SocketsPerPrincipal", "10000"));
        var (dialog, token) = await node.OpenDialogAsync();
        var (_, otherToken) = await node.OpenDialogAsync();
        var (_, siteToken) = await node.OpenDialogAsync(DialogMode.Site);
        var guest = node.Tokens.Issue(new GuestClaims("acme", "shop", "ann")).Token;
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        string Flip(string text)
        {
            var at = random.Next(text.Length - 1);
            return string.Concat(text.AsSpan(0, at), text[at] == 'A' ? "B" : "A", text.AsSpan(at + 1));
        }

        for (var i = 0; i < Attempts; i++)
        {
            switch (random.Next(8))
            {
                case 0:
                    await AssertClosedAsync(node, path, Flip(token), 4002);
                    break;
                case 1:
                    await AssertClosedAsync(node, path, random.Next(2) == 0 ? guest : node.OperatorToken(), 4002);
                    break;
                case 2:
                    await AssertClosedAsync(node, path, random.Next(2) == 0 ? otherToken : siteToken, 4004);
                    break;
                case 3:
                    await AssertClosedAsync(node, $"/ws/widget/dialogs/{random.NextInt64()}", token, 4004);
                    break;
                case 4:
                    await AssertClosedAsync(node, path, token, 4003, $"https://evil{i}.example");
                    break;
                case 5:
                    await AssertClosedAsync(node, "/ws/dialogs", token, 4002);
                    break;
                case 6:
                    await AssertMessageAsync(node, path, token, new string('{', random.Next(1, 2_000)), "bad_json");
                    break;
                default:
                    await AssertMessageAsync(node, path, token, $$"""{"type":"message","client_id":"{{i}}","text":{{random.Next()}}}""", "bad_json");
                    break;
            }
        }

        Assert.Empty(node.Logs.Errors);
        Assert.DoesNotContain(node.Logs.Texts, line => line.Contains(token, StringComparison.Ordinal));
    }

    private static async Task AssertClosedAsync(RealtimeNode node, string path, string token, int code, string? origin = null)
    {
        await using var socket = await TestSocket.ConnectAsync(node.Url, path, token, origin: origin);
        Assert.Equal(code, await socket.ReceiveCloseAsync());
    }

    private static async Task AssertMessageAsync(RealtimeNode node, string path, string token, string message, string code)
    {
        var (socket, _) = await TestSocket.OpenAsync(node.Url, path, token);
        await socket.SendAsync(message);
        Assert.Equal(code, (await socket.ReceiveAsync()).GetProperty("code").GetString());
        await socket.CloseAsync();
        await socket.DisposeAsync();
    }
}
