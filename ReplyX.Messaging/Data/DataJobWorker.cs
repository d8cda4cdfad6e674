using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// Does exports and erasures, two at a time, so that a short one need not wait for a long one, and beside them one more erasure, so that none
/// waits for exports.
/// </summary>
internal sealed partial class DataJobWorker(
    DataJobRunner runner, TimeProvider time, IOptions<DataOptions> options, ILogger<DataJobWorker> logger) : IntervalService(time)
{
    private const int AtOnce = 2;

    protected override TimeSpan Interval => options.Value.PollInterval;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([RepeatAsync(token => DoAllAsync(erasuresAlone: true, token), stoppingToken), .. Enumerable.Range(0, AtOnce).Select(_ => RepeatAsync(stoppingToken))]);

    protected override Task DoAsync(CancellationToken stoppingToken) => DoAllAsync(erasuresAlone: false, stoppingToken);

    private async Task DoAllAsync(bool erasuresAlone, CancellationToken stoppingToken)
    {
        while (await runner.RunNextAsync(erasuresAlone, stoppingToken))
        {
        }
    }

    protected override void OnUnavailable(string reason) => Log.Unavailable(logger, reason);

    protected override void OnFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Exports and erasures wait: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Looking for exports and erasures failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
