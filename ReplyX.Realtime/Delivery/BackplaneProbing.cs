using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Delivery;

/// <summary>Sends a probe through the backplane every few seconds, so that its latency is known when no message is sent.</summary>
internal sealed class BackplaneProbing(DeliveryLoops loops, RealtimeMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            metrics.Probed(await TryProbeAsync(stoppingToken));
        }
    }

    private async Task<TimeSpan?> TryProbeAsync(CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(_patience);
        try
        {
            return await loops.ProbeAsync(patience.Token);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it was, the probe was not heard; that is counted, and no reason for the node to end.
            return null;
        }
    }
}
