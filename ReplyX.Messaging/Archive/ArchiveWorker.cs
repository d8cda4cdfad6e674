using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>Archives the dialogs that this process' appends have made too long, one after the other.</summary>
internal sealed partial class ArchiveWorker(
    ArchiveQueue queue, DialogArchiver archiver, ArchiveMetrics metrics, ILogger<ArchiveWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            StreamKey dialog = default;
            try
            {
                dialog = await queue.TakeAsync(stoppingToken);
                await archiver.ArchiveAsync(dialog, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                // The dialog's next appends hint again.
                metrics.Failed(ArchiveFailure.Unavailable);
                Log.Unavailable(logger, dialog, exception.Message);
            }
            catch (Exception exception)
            {
                metrics.Failed(ArchiveFailure.Error);
                Log.Failed(logger, exception, dialog);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Dialog} was not archived now: {Reason}")]
        public static partial void Unavailable(ILogger logger, StreamKey dialog, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Archiving {Dialog} failed")]
        public static partial void Failed(ILogger logger, Exception exception, StreamKey dialog);
    }
}
