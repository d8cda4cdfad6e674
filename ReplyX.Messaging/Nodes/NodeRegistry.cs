using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Nodes;

/// <summary>
/// The realtime nodes, each with a lease that it renews: a node that died is gone from every count when its lease runs out.
/// All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class NodeRegistry
{
    /// <summary>How long a node counts after its last renewal.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    /// <summary>How often a node renews: four tries before its lease runs out.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(1);

    /// <summary>The pool of widgets, operators and lists.</summary>
    public const string AdminPool = "ws_connections";

    /// <summary>The pool of chat pages embedded with a site token.</summary>
    public const string SitePool = "ws_site_connections";

    private readonly RedisGateway _redis;

    internal NodeRegistry(RedisGateway redis) => _redis = redis;

    /// <summary>Renews a node's lease with what it says now.</summary>
    /// <param name="node">The node.</param>
    /// <param name="dialogs">Which dialogs have sockets on it.</param>
    /// <param name="dialogsChanged">
    /// Whether those may not be what Redis has: they changed since the last renewal, or that was the first or failed. Otherwise they
    /// are not sent again.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RenewAsync(NodeReport node, NodeDialogs dialogs, bool dialogsChanged, CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(
            async database =>
            {
                // The dialogs first, so that nobody finds the node without them.
                var key = RedisKeys.NodeDialogs(node.Id);
                var kept = dialogsChanged
                    ? database.StringSetAsync(key, dialogs.ToBytes(), Lease)
                    : database.KeyExpireAsync(key, Lease);
                await Task.WhenAll(
                    kept,
                    database.StringSetAsync(RedisKeys.Node(node.Id), JsonSerializer.Serialize(node, NodesJson.Default.NodeReport), Lease),
                    database.SetAddAsync(RedisKeys.Nodes, node.Id));
                if (!await kept)
                {
                    // Its lease had run out, or Redis was emptied.
                    await database.StringSetAsync(key, dialogs.ToBytes(), Lease);
                }

                return true;
            },
            cancellationToken);

    /// <summary>Takes a node out at once, as it stops.</summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RemoveAsync(string nodeId, CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(
            async database =>
            {
                await Task.WhenAll(
                    database.SetRemoveAsync(RedisKeys.Nodes, nodeId),
                    database.KeyDeleteAsync(RedisKeys.Node(nodeId)),
                    database.KeyDeleteAsync(RedisKeys.NodeDialogs(nodeId)));
                return true;
            },
            cancellationToken);

    /// <summary>The live nodes.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IReadOnlyList<NodeReport>> ListAsync(CancellationToken cancellationToken) => _redis.ExecuteAsync<IReadOnlyList<NodeReport>>(
        async database =>
        {
            var ids = await database.SetMembersAsync(RedisKeys.Nodes);
            var values = await GetAsync(database, ids, RedisKeys.Node);
            return [.. (await SelectLiveAsync(database, ids, values)).Select(node => node.Report)];
        },
        cancellationToken);

    /// <summary>
    /// The live nodes and what they hold together; a dialog with sockets on two nodes counts once. It costs Redis two commands and
    /// at most 16 KiB a node, however many dialogs there are.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<ClusterReport> ReportAsync(CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            var ids = await database.SetMembersAsync(RedisKeys.Nodes);
            var values = await GetAsync(database, ids, RedisKeys.Node, RedisKeys.NodeDialogs);
            var live = await SelectLiveAsync(database, ids, values);
            var nodes = live.Select(node => (node.Report, Dialogs: NodeDialogs.Read(values[ids.Length + node.At]))).ToList();
            var admin = DialogCount.Of(nodes.Select(node => (node.Dialogs?.Admin, node.Report.AdminDialogs)));
            var site = DialogCount.Of(nodes.Select(node => (node.Dialogs?.Site, node.Report.SiteDialogs)));
            return new ClusterReport(
                [.. nodes.Select(node => node.Report)], admin.Dialogs, site.Dialogs, admin.IsEstimated || site.IsEstimated);
        },
        cancellationToken);

    // For all nodes the first key, then for all the second: in one command, so that no lease runs out between them. In a cluster they lie in
    // many slots, and a node without its dialogs counts as one that does not tell them.
    private async Task<RedisValue[]> GetAsync(IDatabase database, RedisValue[] ids, params Func<string, RedisKey>[] keys)
    {
        RedisKey[] all = [.. keys.SelectMany(key => ids.Select(id => key((string)id!)))];
        return all.Length == 0 ? []
            : _redis.IsCluster ? await Task.WhenAll(all.Select(key => database.StringGetAsync(key)))
            : await database.StringGetAsync(all);
    }

    // The nodes whose lease has not run out, each with its place among the ids; the others are forgotten.
    private static async Task<IReadOnlyList<(NodeReport Report, int At)>> SelectLiveAsync(IDatabase database, RedisValue[] ids, RedisValue[] values)
    {
        var dead = ids.Where((_, at) => values[at].IsNull).ToArray();
        if (dead.Length > 0)
        {
            await database.SetRemoveAsync(RedisKeys.Nodes, dead);
        }

        return [.. Enumerable.Range(0, ids.Length)
            .Where(at => !values[at].IsNull)
            .Select(at => (Report: JsonSerializer.Deserialize((string)values[at]!, NodesJson.Default.NodeReport)!, At: at))
            .OrderBy(node => node.Report.StartedAt).ThenBy(node => node.Report.Id, StringComparer.Ordinal)];
    }
}
