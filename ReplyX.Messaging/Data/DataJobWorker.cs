using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>Does exports and erasures, two at a time, so that a short one need not wait for a long one.</summary>
internal sealed partial class DataJobWorker(
    DataJobRunner runner, TimeProvider time, IOptions<DataOptions> options, ILogger<DataJobWorker> logger) : BackgroundService
{
    private const int AtOnce = 2;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.PollInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
                while (await runner.RunNextAsync(stoppingToken))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                Log.Unavailable(logger, exception.Message);
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Exports and erasures wait: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Looking for exports and erasures failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
