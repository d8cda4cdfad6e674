using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>Sweeps at intervals, jittered so that the processes of a cluster do not come all at once.</summary>
internal sealed partial class ArchiveSweeper(
    ArchiveSweep sweep, TimeProvider time, IOptions<ArchiveOptions> options, ILogger<ArchiveSweeper> logger) : IntervalService(time)
{
    // What a process that has just started looks back over: longer than a cluster is ever down.
    private static readonly TimeSpan _firstLookback = TimeSpan.FromDays(7);

    private TimeSpan _lookback = _firstLookback;

    protected override TimeSpan Interval => options.Value.SweepInterval;

    protected override async Task DoAsync(CancellationToken stoppingToken)
    {
        await sweep.SweepAsync(_lookback, stoppingToken);
        _lookback = Interval * 2;
    }

    protected override void OnUnavailable(string reason)
    {
        _lookback = _firstLookback;
        Log.Unavailable(logger, reason);
    }

    protected override void OnFailed(Exception exception)
    {
        _lookback = _firstLookback;
        Log.Failed(logger, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The archive was not swept now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Sweeping the archive failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
