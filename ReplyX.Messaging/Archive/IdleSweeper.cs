using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Lays idle dialogs to rest at intervals, beside the sweeps: the first time takes long, and retention must not wait for it.</summary>
internal sealed partial class IdleSweeper(
    IdleDialogs idle, TimeProvider time, IOptions<ArchiveOptions> options, IOptions<MessagingOptions> messaging, ILogger<IdleSweeper> logger)
    : IntervalService(time)
{
    protected override TimeSpan Interval => options.Value.SweepInterval;

    // A process of the version before shows a dialog at rest without its visitor and its latest message, so not while one may run.
    protected override TimeSpan FirstDelay => messaging.Value.DeployOverlap;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.IdleAfter is null ? Task.CompletedTask : RepeatAsync(stoppingToken);

    protected override Task DoAsync(CancellationToken stoppingToken) => idle.RestAsync(stoppingToken);

    protected override void OnUnavailable(string reason) => Log.Unavailable(logger, reason);

    protected override void OnFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Idle dialogs are not archived now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Archiving idle dialogs failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
