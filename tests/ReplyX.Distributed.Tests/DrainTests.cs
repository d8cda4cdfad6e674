using System.Net;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests;

/// <summary>A command on a replica's row concerns that replica, and a drained one comes back.</summary>
[Collection(OnEmbeddedRedis.Name)]
public sealed class DrainTests(EmbeddedRedisGraph graph)
{
    [Fact]
    public async Task The_Drained_Replica_Is_The_One_Of_Its_Row_And_Comes_Back()
    {
        using var http = new HttpClient { BaseAddress = graph.Api };
        var api = new ReplyXApiClient(http);
        var visitor = new VisitorSession(api, (await api.OpenWidgetDialogAsync("demo", cancellationToken: TestTimeout.Token())).Require());
        var sockets = await GraphFixture.ConnectToBothReplicasAsync(visitor.ConnectionOptions());
        var nodes = sockets.Select(socket => socket.Node!).Distinct().ToArray();
        var replicas = await ReplicasAsync();

        foreach (var (row, address) in replicas)
        {
            var other = replicas.Single(replica => replica.Row != row).Address;

            var said = await graph.CommandAsync(row, "drain");

            // It names the node, and its sockets go to the other one.
            Assert.Contains(row, said, StringComparison.Ordinal);
            var drained = Assert.Single(nodes, node => said!.Contains(node, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync(address));
            Assert.Equal(HttpStatusCode.OK, await ReadinessAsync(other));
            await UntilAsync(() => sockets.TrueForAll(socket => socket.Node != drained && socket.State == ConnectionState.Connected), "every socket on the other node");

            Assert.Contains(drained, await graph.CommandAsync(row, "undrain"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await ReadinessAsync(address));
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        await graph.WaitUntilHealthyAgainAsync("realtime");
    }

    private async Task<List<(string Row, Uri Address)>> ReplicasAsync()
    {
        List<(string Row, Uri Address)> replicas = [];
        await foreach (var row in graph.App.ResourceNotifications.WatchAsync(TestTimeout.Token()))
        {
            if (row.Resource.Name == "realtime"
                && row.Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value is { } url
                && replicas.TrueForAll(replica => replica.Row != row.ResourceId))
            {
                replicas.Add((row.ResourceId, new Uri(url)));
            }

            if (replicas.Count == 2)
            {
                break;
            }
        }

        return replicas;
    }

    private static async Task<HttpStatusCode> ReadinessAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.GetAsync("/health/ready", TestTimeout.Token());
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<bool> isReached, string what)
    {
        var limit = TestTimeout.Token();
        while (!isReached())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited for {what}.");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
