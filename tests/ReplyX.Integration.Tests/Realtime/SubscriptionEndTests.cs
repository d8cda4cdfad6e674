using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>A dialog's last socket leaves while its subscription cannot be given back: the next socket is served all the same.</summary>
public sealed class SubscriptionEndTests
{
    [Fact]
    public async Task A_dialog_whose_last_socket_leaves_as_Redis_dies_is_served_when_it_is_back()
    {
        var random = Seed.Random();
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var dialogs = new List<(string Path, string Token)>();
        for (var i = 0; i < 20; i++)
        {
            var (dialog, token) = await node.OpenDialogAsync();
            dialogs.Add(($"/ws/widget/dialogs/{dialog.DialogId}", token));
        }

        for (var round = 0; round < 5; round++)
        {
            var sockets = await Task.WhenAll(dialogs.Select(each => FrameSocket.OpenAndGreetAsync(node.Url, each.Path, each.Token)));
            var leaving = sockets.Select(socket => (Socket: socket, After: random.Next(40))).ToArray().Select(async each =>
            {
                await Task.Delay(each.After, TestTimeout.Token());
                each.Socket.Abort();
            }).ToArray();
            await Task.Delay(random.Next(30), TestTimeout.Token());
            await redis.KillAsync();
            await Task.WhenAll(leaving);
            await redis.RestartAsync();

            foreach (var (path, token) in dialogs)
            {
                await using var again = await OpenUntilLetInAsync(node, path, token);
            }
        }
    }

    private static async Task<TestSocket> OpenUntilLetInAsync(RealtimeNode node, string path, string token)
    {
        while (true)
        {
            try
            {
                return (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
            }
            catch (System.Net.WebSockets.WebSocketException exception) when (exception.Message.Contains("503", StringComparison.Ordinal))
            {
                await Task.Delay(50, TestTimeout.Token());
            }
        }
    }
}
