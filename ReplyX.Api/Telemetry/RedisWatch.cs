using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Telemetry;

/// <summary>
/// Looks every few seconds how Redis does, for the metrics. Redis itself has none that Prometheus reads, and another process to run
/// everywhere would only ask the same questions.
/// </summary>
internal sealed partial class RedisWatch(
    RedisProbe probe, NodeRegistry registry, RedisMetrics metrics, TimeProvider time, ILogger<RedisWatch> logger) : BackgroundService
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
        // Together, so that a Redis that hangs is known to within one patience and not two.
        var redis = TryAsync(probe.LookAsync, stoppingToken);
        var nodes = TryAsync(registry.ListAsync, stoppingToken);
        metrics.Seen(await redis, await nodes);
    }

    // Whatever goes wrong here is a number that is missing, and no reason for the service to end.
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken stoppingToken)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(_patience);
        try
        {
            return await look(patience.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (exception is not (MessagingUnavailableException or OperationCanceledException))
            {
                Log.Failed(logger, exception);
            }

            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "What Redis says of itself cannot be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
