using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Delivery;

namespace ReplyX.Realtime.Health;

/// <summary>
/// Asks all nodes, and sends a probe through the backplane; at most once a second, however many ask. It speaks for the cluster,
/// whichever node answers.
/// </summary>
internal sealed class WebSocketHealth(NodeRegistry registry, DeliveryLoops loops, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _cachedFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1);
    private WebSocketReport? _last;
    private long _lastAt;

    public async Task<WebSocketReport> ReportAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_lastAt) > _cachedFor)
            {
                // Not the caller's token: the answer is for whoever asks within the second.
                _last = await AskAsync();
                _lastAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<WebSocketReport> AskAsync()
    {
        using var patience = new CancellationTokenSource(_patience, time);
        var started = time.GetTimestamp();
        try
        {
            await loops.ProbeAsync(patience.Token);
            var roundTrip = time.GetElapsedTime(started).TotalMilliseconds;
            var cluster = await registry.ReportAsync(patience.Token);
            var ready = cluster.Nodes.Count(node => node.Ready);
            return new WebSocketReport(
                cluster.Nodes.Sum(node => node.AdminConnections),
                cluster.Nodes.Sum(node => node.SiteConnections),
                cluster.AdminDialogs,
                cluster.SiteDialogs,
                cluster.DialogsEstimated,
                ready > 0 ? "healthy" : "unhealthy",
                cluster.Nodes.Count,
                ready,
                Math.Round(roundTrip, 2),
                ready > 0 ? null : "No node is ready.");
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException)
        {
            return new WebSocketReport(0, 0, 0, 0, false, "unhealthy", 0, 0, null, "The backplane does not answer.");
        }
    }
}
