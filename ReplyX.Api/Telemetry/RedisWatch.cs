using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Api.Telemetry;

/// <summary>
/// Looks every few seconds how Redis does, for the metrics. Redis itself has none that Prometheus reads, and another process to run
/// everywhere would only ask the same questions.
/// </summary>
internal sealed class RedisWatch(RedisProbe probe, NodeRegistry registry, RedisMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(_patience);
        try
        {
            var redis = await probe.LookAsync(patience.Token);
            var nodes = await registry.ListAsync(patience.Token);
            var ready = nodes.Count(node => node.Ready);
            metrics.Seen(redis, ready, nodes.Count - ready);
        }
        catch (Exception exception) when (
            exception is MessagingUnavailableException or RedisServerException
            || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            metrics.Lost();
        }
    }
}
