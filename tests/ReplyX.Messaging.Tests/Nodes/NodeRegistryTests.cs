using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Nodes;

public sealed class NodeRegistryTests : MessagingTest
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_dialog_on_two_nodes_counts_once_and_a_dead_node_not_at_all(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var cancel = TestTimeout.Token();

        await RenewAsync(messaging, "a", admin: [1, 2], site: [3]);
        await RenewAsync(messaging, "b", admin: [2], site: [3, 4]);
        var both = await messaging.Nodes.ReportAsync(cancel);

        Assert.Equal(["a", "b"], both.Nodes.Select(node => node.Id));
        Assert.Equal(["a", "b"], (await messaging.Nodes.ListAsync(cancel)).Select(node => node.Id));
        Assert.Equal((2, 2, false), (both.AdminDialogs, both.SiteDialogs, both.DialogsEstimated));

        // What the end of a lease does.
        await messaging.Database.KeyDeleteAsync("replyx:node:a");
        await messaging.Database.KeyDeleteAsync("replyx:node:a:dialogs");
        var one = await messaging.Nodes.ReportAsync(cancel);
        Assert.Equal("b", Assert.Single(one.Nodes).Id);
        Assert.Equal((1, 2, false), (one.AdminDialogs, one.SiteDialogs, one.DialogsEstimated));
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync("replyx:node:b"))!.Value, TimeSpan.Zero, NodeRegistry.Lease);
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync("replyx:node:b:dialogs"))!.Value, TimeSpan.Zero, NodeRegistry.Lease);

        await RenewAsync(messaging, "b", admin: [], site: []);
        Assert.Equal(0, (await messaging.Nodes.ReportAsync(cancel)).AdminDialogs);
        await messaging.Nodes.RemoveAsync("b", cancel);
        Assert.Empty((await messaging.Nodes.ReportAsync(cancel)).Nodes);
        Assert.False(await messaging.Database.KeyExistsAsync("replyx:node:b:dialogs"));
    }

    [Fact]
    public async Task Dialogs_that_did_not_change_are_not_sent_again_unless_Redis_lost_them()
    {
        var messaging = await StartAsync(RedisKind.Redis);
        await RenewAsync(messaging, "a", admin: [1], site: []);
        await messaging.Database.StringSetAsync("replyx:node:a:dialogs", "as it was");

        await RenewAsync(messaging, "a", admin: [1], site: [], changed: false);
        Assert.Equal("as it was", (string?)await messaging.Database.StringGetAsync("replyx:node:a:dialogs"));

        await messaging.Database.KeyDeleteAsync("replyx:node:a:dialogs");
        await RenewAsync(messaging, "a", admin: [1], site: [], changed: false);
        Assert.Equal(1, (await messaging.Nodes.ReportAsync(TestTimeout.Token())).AdminDialogs);
    }

    [Fact]
    public async Task Many_dialogs_on_several_nodes_are_estimated_and_it_says_so()
    {
        var messaging = await StartAsync(RedisKind.Redis);

        // 20,000 in all: each node has 8,000, and every two neighbours have 2,000 in common.
        await RenewAsync(messaging, "a", admin: Range(1, 8_000), site: [1]);
        await RenewAsync(messaging, "b", admin: Range(6_001, 8_000), site: []);
        await RenewAsync(messaging, "c", admin: Range(12_001, 8_000), site: [1]);
        var report = await messaging.Nodes.ReportAsync(TestTimeout.Token());

        // Three times the error of one by the root of 1,024; ids and hashes are fixed, so it is the same in every run.
        Assert.InRange(report.AdminDialogs, 18_000, 22_000);
        Assert.Equal((1, true), (report.SiteDialogs, report.DialogsEstimated));
    }

    [Fact]
    public async Task Many_dialogs_on_one_node_are_exact()
    {
        var messaging = await StartAsync(RedisKind.Redis);
        await RenewAsync(messaging, "a", admin: Range(1, 8_000), site: []);
        await RenewAsync(messaging, "b", admin: [], site: Range(1, 1_000));
        await RenewAsync(messaging, "c", admin: [], site: Range(501, 1_000));

        var report = await messaging.Nodes.ReportAsync(TestTimeout.Token());

        Assert.Equal((8_000, 1_500, false), (report.AdminDialogs, report.SiteDialogs, report.DialogsEstimated));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("what another version writes")]
    [InlineData("\u0001\u0001\u00ff")]
    public async Task A_node_that_does_not_say_which_dialogs_it_has_is_left_out_of_them_and_it_says_so(string? value)
    {
        var messaging = await StartAsync(RedisKind.Redis);
        await RenewAsync(messaging, "new", admin: [1, 2], site: []);

        // As a node of the version before writes itself: sets, and nothing of dialogs in its report.
        await messaging.Database.StringSetAsync(
            "replyx:node:old",
            """{"Id":"old","Address":"http://localhost:1","Host":"host","ProcessId":1,"StartedAt":"1970-01-01T00:00:00+00:00","Ready":true,"AdminConnections":7,"SiteConnections":0}""");
        await messaging.Database.SetAddAsync("replyx:nodes", "old");
        await messaging.Database.SetAddAsync("replyx:node:old:ws_connections", "acme/9");
        if (value is not null)
        {
            await messaging.Database.StringSetAsync("replyx:node:old:dialogs", value);
        }

        var report = await messaging.Nodes.ReportAsync(TestTimeout.Token());

        Assert.Equal((2, true), (report.AdminDialogs, report.DialogsEstimated));
        Assert.Equal(9, report.Nodes.Sum(node => node.AdminConnections));
    }

    private static IEnumerable<long> Range(int first, int count) => Enumerable.Range(first, count).Select(id => (long)id);

    private static Task RenewAsync(MessagingHost messaging, string id, IEnumerable<long> admin, IEnumerable<long> site, bool changed = true)
    {
        var (admins, sites) = (admin.ToArray(), site.ToArray());
        var node = new NodeReport(
            id, new Uri("http://localhost:1"), "host", 1, DateTimeOffset.UnixEpoch, Ready: true, 2, 0, admins.Length, sites.Length);
        return messaging.Nodes.RenewAsync(node, new NodeDialogs(Sketch(admins), Sketch(sites)), changed, TestTimeout.Token());
    }

    private static DialogSketch Sketch(long[] dialogs)
    {
        var smallest = dialogs.Select(id => DialogSketch.Hash(StreamKey.ForDialog("acme", id))).Order().Take(DialogSketch.Size).ToArray();
        return new DialogSketch(smallest, isWhole: smallest.Length == dialogs.Length);
    }
}
