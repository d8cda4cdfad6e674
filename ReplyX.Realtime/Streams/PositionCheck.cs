using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;

namespace ReplyX.Realtime.Streams;

/// <summary>
/// Compares streams that were quiet for a while with the top of their logs. The backplane may drop a publish; if nothing follows
/// it, no hole shows, and the event would be seen only at the next reconnect.
/// </summary>
internal sealed partial class PositionCheck(
    EventStreams streams, DialogLog log, IOptions<RealtimeOptions> options, TimeProvider time, ILogger<PositionCheck> logger)
    : BackgroundService
{
    // A stream is looked at within a sixth of the interval after it is due.
    private const int RoundsPerInterval = 6;

    // One pipeline's worth: the answers, at most 50 KB each but as a rule 300 bytes, are in memory at once.
    private const int BatchSize = 256;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PositionCheckInterval / RoundsPerInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var batch in streams.Snapshot().Chunk(BatchSize))
            {
                await CompareAsync(batch, stoppingToken);
            }
        }
    }

    private async Task CompareAsync(EventStream[] batch, CancellationToken cancellationToken)
    {
        // Jittered, so that dialogs that fell silent together are not asked for together for ever.
        var quiet = batch
            .Select(stream => (Stream: stream, IsQuiet: stream.IsQuiet(Jittered(), out var head), Head: head))
            .Where(entry => entry.IsQuiet)
            .ToArray();
        if (quiet.Length == 0)
        {
            return;
        }

        try
        {
            var tops = await log.GetHeadsAsync([.. quiet.Select(entry => entry.Stream.Key)], cancellationToken);
            for (var i = 0; i < quiet.Length; i++)
            {
                quiet[i].Stream.Compare(quiet[i].Head, tops[i]);
            }
        }
        catch (MessagingUnavailableException)
        {
            // When Redis is back every stream reads on anyway.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A log that cannot be read must not stop the node.
            Log.NotCompared(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Quiet streams could not be compared with their logs")]
        public static partial void NotCompared(ILogger logger, Exception exception);
    }

    private TimeSpan Jittered() => options.Value.PositionCheckInterval * (0.75 + (Random.Shared.NextDouble() / 2));
}
