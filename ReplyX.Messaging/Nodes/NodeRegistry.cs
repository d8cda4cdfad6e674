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
    /// <param name="changes">Which dialogs gained or lost sockets since the last renewal.</param>
    /// <param name="whole">
    /// Whether <paramref name="changes"/> name all dialogs with sockets, not just the difference: on the first renewal and after
    /// one that failed.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RenewAsync(
        NodeReport node, IReadOnlyCollection<DialogChange> changes, bool whole, CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(
            async database =>
            {
                var commands = new List<Task>();
                foreach (var pool in (string[])[AdminPool, SitePool])
                {
                    var dialogs = RedisKeys.NodeDialogs(node.Id, pool);
                    if (whole)
                    {
                        commands.Add(database.KeyDeleteAsync(dialogs));
                    }

                    RedisValue[] Members(bool added) =>
                        [.. changes.Where(change => change.Pool == pool && change.Added == added).Select(change => (RedisValue)change.Dialog.ToString())];
                    if (Members(added: true) is { Length: > 0 } added)
                    {
                        commands.Add(database.SetAddAsync(dialogs, added));
                    }

                    if (Members(added: false) is { Length: > 0 } removed)
                    {
                        commands.Add(database.SetRemoveAsync(dialogs, removed));
                    }

                    commands.Add(database.KeyExpireAsync(dialogs, Lease));
                }

                commands.Add(database.StringSetAsync(
                    RedisKeys.Node(node.Id), JsonSerializer.Serialize(node, NodesJson.Default.NodeReport), Lease));
                commands.Add(database.SetAddAsync(RedisKeys.Nodes, node.Id));
                await Task.WhenAll(commands);
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
                    database.KeyDeleteAsync([
                        RedisKeys.Node(nodeId), RedisKeys.NodeDialogs(nodeId, AdminPool), RedisKeys.NodeDialogs(nodeId, SitePool)]));
                return true;
            },
            cancellationToken);

    /// <summary>The live nodes.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IReadOnlyList<NodeReport>> ListAsync(CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(ListAsync, cancellationToken);

    /// <summary>The live nodes and what they hold together; a dialog with sockets on two nodes counts once.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<ClusterReport> ReportAsync(CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(
            async database =>
            {
                var nodes = await ListAsync(database);
                var admin = CountAsync(database, nodes, AdminPool);
                var site = CountAsync(database, nodes, SitePool);
                return new ClusterReport(nodes, await admin, await site);
            },
            cancellationToken);

    private static async Task<long> CountAsync(IDatabase database, IReadOnlyList<NodeReport> nodes, string pool)
    {
        if (nodes.Count == 0)
        {
            return 0;
        }

        RedisKey[] sets = [.. nodes.Select(node => RedisKeys.NodeDialogs(node.Id, pool))];
        return (long)await database.ScriptEvaluateAsync("return #redis.call('SUNION', unpack(KEYS))", sets);
    }

    private static async Task<IReadOnlyList<NodeReport>> ListAsync(IDatabase database)
    {
        var ids = await database.SetMembersAsync(RedisKeys.Nodes);
        if (ids.Length == 0)
        {
            return [];
        }

        var reports = await database.StringGetAsync([.. ids.Select(id => RedisKeys.Node((string)id!))]);
        var dead = ids.Where((_, i) => reports[i].IsNull).ToArray();
        if (dead.Length > 0)
        {
            await database.SetRemoveAsync(RedisKeys.Nodes, dead);
        }

        return [.. reports
            .Where(report => !report.IsNull)
            .Select(report => JsonSerializer.Deserialize((string)report!, NodesJson.Default.NodeReport)!)
            .OrderBy(node => node.StartedAt).ThenBy(node => node.Id, StringComparer.Ordinal)];
    }
}
