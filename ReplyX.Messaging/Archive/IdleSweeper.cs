using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Lays idle dialogs to rest at intervals, beside the sweeps: the first time takes long, and retention must not wait for it.</summary>
internal sealed partial class IdleSweeper(
    IdleDialogs idle, TimeProvider time, IOptions<ArchiveOptions> options, IOptions<MessagingOptions> messaging, ILogger<IdleSweeper> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IdleAfter is null)
        {
            return;
        }

        // A process of the version before shows a dialog at rest without its visitor and its latest message, so not while one may run.
        var wait = messaging.Value.DeployOverlap;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait + (options.Value.SweepInterval * (0.75 + (Random.Shared.NextDouble() / 2))), time, stoppingToken);
                wait = TimeSpan.Zero;
                await idle.RestAsync(stoppingToken);
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
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Idle dialogs are not archived now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Archiving idle dialogs failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
