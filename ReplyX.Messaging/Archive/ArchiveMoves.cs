using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Moves the archive to files at intervals, beside the sweeps: the first time takes long, and retention must not wait for it.</summary>
internal sealed partial class ArchiveMoves(
    ArchiveMover mover, TimeProvider time, IOptions<ArchiveOptions> options, ILogger<ArchiveMoves> logger) : IntervalService(time)
{
    protected override TimeSpan Interval => options.Value.SweepInterval;

    // While processes of another setting may still write to Redis there is something to move again.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Store == ArchiveStore.Files ? RepeatAsync(stoppingToken) : Task.CompletedTask;

    protected override Task DoAsync(CancellationToken stoppingToken) => mover.MoveAsync(stoppingToken);

    protected override void OnUnavailable(string reason) => Log.Unavailable(logger, reason);

    protected override void OnFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The archive is not moved to files now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Moving the archive to files failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
