using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Delivery;
using StackExchange.Redis;

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

    // What the nodes said when they could last be asked.
    private ClusterReport _known = new([], 0, 0, DialogsEstimated: false);

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
        try
        {
            var roundTrip = await loops.ProbeAsync(patience.Token);
            _known = await registry.ReportAsync(patience.Token);
            return WebSocketReport.Of(_known, roundTrip);
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException or RedisServerException)
        {
            return WebSocketReport.Of(_known, roundTrip: null);
        }
    }
}
