using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Sweeps at intervals, jittered so that the processes of a cluster do not come all at once.</summary>
internal sealed partial class ArchiveSweeper(
    ArchiveSweep sweep, TimeProvider time, IOptions<ArchiveOptions> options, ILogger<ArchiveSweeper> logger) : BackgroundService
{
    // What a process that has just started looks back over: longer than a cluster is ever down.
    private static readonly TimeSpan _firstLookback = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lookback = _firstLookback;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.SweepInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
                await sweep.SweepAsync(lookback, stoppingToken);
                lookback = options.Value.SweepInterval * 2;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                lookback = _firstLookback;
                Log.Unavailable(logger, exception.Message);
            }
            catch (Exception exception)
            {
                lookback = _firstLookback;
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The archive was not swept now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Sweeping the archive failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
