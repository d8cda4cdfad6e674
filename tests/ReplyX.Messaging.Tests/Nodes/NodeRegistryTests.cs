using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Nodes;

public sealed class NodeRegistryTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_dialog_on_two_nodes_counts_once_and_a_dead_node_not_at_all(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        await using var messaging = await MessagingHost.ConnectAsync(server);
        var cancel = TestTimeout.Token();
        var (first, second) = (StreamKey.ForDialog("acme", 1), StreamKey.ForDialog("acme", 2));
        DialogChange Add(StreamKey dialog) => new(NodeRegistry.AdminPool, dialog, Added: true);

        await messaging.Nodes.RenewAsync(Node("a"), [Add(first), Add(second)], whole: true, cancel);
        await messaging.Nodes.RenewAsync(Node("b"), [Add(second)], whole: true, cancel);
        var both = await messaging.Nodes.ReportAsync(cancel);

        Assert.Equal(["a", "b"], both.Nodes.Select(node => node.Id));
        Assert.Equal(2, both.AdminDialogs);
        Assert.Equal(0, both.SiteDialogs);

        // What the end of a lease does.
        await messaging.Database.KeyDeleteAsync(["replyx:node:a", "replyx:node:a:ws_connections"]);
        var one = await messaging.Nodes.ReportAsync(cancel);
        Assert.Equal("b", Assert.Single(one.Nodes).Id);
        Assert.Equal(1, one.AdminDialogs);
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync("replyx:node:b"))!.Value, TimeSpan.Zero, NodeRegistry.Lease);

        await messaging.Nodes.RenewAsync(Node("b"), [Add(second) with { Added = false }], whole: false, cancel);
        Assert.Equal(0, (await messaging.Nodes.ReportAsync(cancel)).AdminDialogs);
        await messaging.Nodes.RemoveAsync("b", cancel);
        Assert.Empty((await messaging.Nodes.ReportAsync(cancel)).Nodes);
    }

    private static NodeReport Node(string id) =>
        new(id, new Uri("http://localhost:1"), "host", 1, DateTimeOffset.UnixEpoch, Ready: true, AdminConnections: 2, SiteConnections: 0);
}
