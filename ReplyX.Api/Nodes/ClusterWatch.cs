using Microsoft.Extensions.Options;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.ServiceDefaults.PlatformAccess;

namespace ReplyX.Api.Nodes;

/// <summary>
/// Knows how the realtime nodes do. Their leases say which there are, their metrics the rest; all of it is asked once a second at most,
/// and a node that does not answer delays nobody by more than a second.
/// </summary>
internal sealed class ClusterWatch(
    NodeRegistry registry, NodeClient client, Backplane backplane, IOptionsMonitor<PlatformTokenOptions> tokens, TimeProvider time)
{
    private const string ProbeChannel = "replyx:status:probe";
    private const int NodesAtOnce = 8;
    private static readonly TimeSpan _kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    // What all nodes together may take: with hundreds that hang, the rest of them are not asked this time.
    private static readonly TimeSpan _patienceWithAll = TimeSpan.FromSeconds(3);

    // Latencies are of the deliveries since the oldest reading that is not older: long enough for a few on a quiet node.
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();

    // Readings of each node, the oldest first. Only the one look at a time touches them.
    private readonly Dictionary<string, Queue<(long At, NodeCounts Counts)>> _readings = new(StringComparer.Ordinal);
    private Task<StatusView>? _look;
    private long _lookedAt;

    /// <summary>How the nodes do now, or did within the last second.</summary>
    public Task<StatusView> LookAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_look is null || (_look.IsCompleted && time.GetElapsedTime(_lookedAt) >= _kept))
            {
                // For all who ask meanwhile, so nobody of them cancels it.
                _look = Task.Run(LookAsync, CancellationToken.None);
            }

            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<StatusView> LookAsync()
    {
        try
        {
            var probe = ProbeAsync();
            var report = await ReportAsync();
            var live = report.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _readings.Keys.Where(id => !live.Contains(id)).ToList())
            {
                _readings.Remove(gone);
            }

            var nodes = await ReadAsync(report.Nodes);
            return new StatusView(time.GetUtcNow(), nodes, Sum(nodes, report, await probe));
        }
        finally
        {
            _lookedAt = time.GetTimestamp();
        }
    }

    private async Task<ClusterReport> ReportAsync()
    {
        try
        {
            return await registry.ReportAsync(CancellationToken.None);
        }
        catch (MessagingUnavailableException)
        {
            // Which nodes there are, only Redis knows; that it does not answer is said by the backplane.
            return new ClusterReport([], 0, 0, DialogsEstimated: false);
        }
    }

    private async Task<BackplaneStatus> ProbeAsync()
    {
        var begun = time.GetTimestamp();
        try
        {
            await backplane.PublishProbeAsync(ProbeChannel, CancellationToken.None);
            return new BackplaneStatus(true, Milliseconds(time.GetElapsedTime(begun)));
        }
        catch (MessagingUnavailableException)
        {
            return new BackplaneStatus(false, null);
        }
    }

    private async Task<IReadOnlyList<NodeStatus>> ReadAsync(IReadOnlyList<NodeReport> nodes)
    {
        using var all = new CancellationTokenSource(_patienceWithAll, time);
        var read = new NodeCounts?[nodes.Count];
        await Parallel.ForAsync(0, nodes.Count, new ParallelOptions { MaxDegreeOfParallelism = NodesAtOnce }, async (i, _) =>
            read[i] = await TryReadAsync(nodes[i], all.Token));
        return [.. nodes.Select((node, i) => Describe(node, read[i]))];
    }

    private async Task<NodeCounts?> TryReadAsync(NodeReport node, CancellationToken giveUp)
    {
        using var one = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(one.Token, giveUp);
        try
        {
            var token = tokens.Get(PlatformTokenOptions.Metrics).Token;
            return await client.ReadMetricsAsync(node, token, either.Token) is { } text ? NodeCounts.Read(text) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private NodeStatus Describe(NodeReport node, NodeCounts? counts)
    {
        var now = time.GetTimestamp();
        if (!_readings.TryGetValue(node.Id, out var readings))
        {
            _readings.Add(node.Id, readings = new Queue<(long, NodeCounts)>());
        }

        while (readings.Count > 1 && time.GetElapsedTime(readings.Peek().At, now) > _window)
        {
            readings.Dequeue();
        }

        var earlier = readings.TryPeek(out var oldest) ? oldest.Counts : null;
        var known = counts ?? (readings.Count > 0 ? readings.Last().Counts : null);
        if (counts is not null)
        {
            readings.Enqueue((now, counts));
        }

        return new NodeStatus(
            node.Id,
            node.Ready,
            Draining: !node.Ready,
            Reachable: counts is not null,
            node.StartedAt,
            Pools(new PoolStatus(node.AdminConnections, node.PoolLimit), new PoolStatus(node.SiteConnections, node.PoolLimit)),
            (node.AdminDialogs ?? 0) + (node.SiteDialogs ?? 0),
            known?.MessagesSent,
            known?.Errors,
            Milliseconds(counts?.Quantile(earlier, 0.5)),
            Milliseconds(counts?.Quantile(earlier, 0.99)));
    }

    private static ClusterStatus Sum(IReadOnlyList<NodeStatus> nodes, ClusterReport report, BackplaneStatus backplane)
    {
        return new ClusterStatus(
            Pools(Pool(NodeRegistry.AdminPool), Pool(NodeRegistry.SitePool)),
            report.AdminDialogs + report.SiteDialogs,
            nodes.Sum(node => node.MessagesSent ?? 0),
            nodes.Sum(node => node.Errors ?? 0),
            backplane);

        PoolStatus Pool(string name) => new(nodes.Sum(node => node.Pools[name].Sockets), nodes.Sum(node => node.Pools[name].Limit));
    }

    private static Dictionary<string, PoolStatus> Pools(PoolStatus admin, PoolStatus site) =>
        new(StringComparer.Ordinal) { [NodeRegistry.AdminPool] = admin, [NodeRegistry.SitePool] = site };

    private static double? Milliseconds(double? seconds) => seconds is { } value ? Milliseconds(TimeSpan.FromSeconds(value)) : null;

    // To the microsecond: what comes after it is noise.
    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
