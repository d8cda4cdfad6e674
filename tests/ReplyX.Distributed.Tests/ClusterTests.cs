using System.Diagnostics;
using System.Globalization;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests;

/// <summary>The graph on a Redis Cluster, as <c>--Redis=cluster</c> starts it for a developer.</summary>
public sealed class ClusterTests : IClassFixture<ClusterGraph>
{
    private readonly ClusterGraph _graph;

    public ClusterTests(ClusterGraph graph)
    {
        graph.Require();
        _graph = graph;
    }

    [Fact]
    public async Task A_master_that_is_killed_is_replaced_and_dialogs_on_all_masters_go_on()
    {
        using var http = new HttpClient { BaseAddress = _graph.Api };
        var api = new ReplyXApiClient(http);
        var dialogs = new List<(VisitorSession Visitor, ReplyXConnection Socket)>();
        try
        {
            // Enough that each of three masters has one, but once in a million.
            for (var i = 0; i < 36; i++)
            {
                var visitor = new VisitorSession(api, (await api.OpenWidgetDialogAsync("demo", cancellationToken: TestTimeout.Token())).Require());
                var socket = new ReplyXConnection(visitor.ConnectionOptions());
                dialogs.Add((visitor, socket));
                await socket.ConnectAsync(TestTimeout.Token());
            }

            await AssertDeliveredAsync("before");
            Assert.All(dialogs, dialog => Assert.True(dialog.Visitor.Dialog.Id % 2 == 0, "A dialog is not spread."));
            Assert.Equal((3, 3), await CountAsync());

            using (var master = Process.GetProcessById(await FindProcessAsync(server: 1)))
            {
                master.Kill();
            }

            await AssertDeliveredAsync("while a master is away");
            Assert.Equal((3, 2), await CountAsync());

            // It comes back as the replica of the one that took its place.
            await _graph.CommandAsync("redis-2", "start");
            await UntilAsync(async () => await CountAsync() == (3, 3));
            await AssertDeliveredAsync("after");
        }
        finally
        {
            foreach (var (_, socket) in dialogs)
            {
                await socket.DisposeAsync();
            }
        }

        // A visitor's own client tries again with the same key, for as long as a failover takes.
        async Task AssertDeliveredAsync(string text)
        {
            await Task.WhenAll(dialogs.Select(async dialog =>
            {
                var key = Guid.NewGuid().ToString("N");
                await UntilAsync(async () =>
                {
                    var sent = await dialog.Visitor.SendAsync(text, key, TestTimeout.Token());
                    Assert.True(sent.Value is not null || sent.Status is 503 or 0, $"{sent.Status} {sent.Problem?.Code}");
                    return sent.Value is not null;
                });
                await foreach (var next in dialog.Socket.ReadEventsAsync(TestTimeout.Token()))
                {
                    if (next is MessageEvent message && message.Text == text)
                    {
                        return;
                    }
                }
            }));
        }
    }

    private async Task<(int Masters, int Replicas)> CountAsync()
    {
        var flags = (await _graph.RedisAsync("CLUSTER", "NODES")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[2].Split(','))
            .Where(flags => !flags.Contains("fail"))
            .ToList();
        return (flags.Count(flag => flag.Contains("master")), flags.Count(flag => flag.Contains("slave")));
    }

    private async Task<int> FindProcessAsync(int server)
    {
        const string Name = "process_id:";
        var told = (await _graph.RedisAsync(server, "INFO", "server")).Split('\n').Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return int.Parse(told.AsSpan(Name.Length).Trim(), CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var limit = TestTimeout.Token();
        while (!await isSo())
        {
            await Task.Delay(50, limit);
        }
    }
}
