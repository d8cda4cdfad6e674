using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Moves the archive to files at intervals, beside the sweeps: the first time takes long, and retention must not wait for it.</summary>
internal sealed partial class ArchiveMoves(
    ArchiveMover mover, TimeProvider time, IOptions<ArchiveOptions> options, ILogger<ArchiveMoves> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // While processes of another setting may still write to Redis there is something to move again.
        while (options.Value.Store == ArchiveStore.Files && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.SweepInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
                await mover.MoveAsync(stoppingToken);
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
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The archive is not moved to files now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Moving the archive to files failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
