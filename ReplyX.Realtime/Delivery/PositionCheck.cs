using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Compares dialogs that were quiet for a while with the top of their logs. The backplane may drop a publish; if nothing follows
/// it, no hole shows, and the event would be seen only at the next reconnect.
/// </summary>
internal sealed partial class PositionCheck(
    DeliveryLoops loops, DialogLog log, IOptions<RealtimeOptions> options, TimeProvider time, ILogger<PositionCheck> logger)
    : BackgroundService
{
    // A dialog is looked at within a sixth of the interval after it is due.
    private const int RoundsPerInterval = 6;

    // One pipeline's worth: the answers, at most 50 KB each but as a rule 300 bytes, are in memory at once.
    private const int BatchSize = 256;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PositionCheckInterval / RoundsPerInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var loop in loops.All)
            {
                var quiet = await loop.InvokeAsync(() => FindQuiet(loop));
                foreach (var batch in quiet.Chunk(BatchSize))
                {
                    await CompareAsync(loop, batch, stoppingToken);
                }
            }
        }
    }

    private List<(DialogChannel Channel, Cursor Head)> FindQuiet(DeliveryLoop loop)
    {
        var quiet = new List<(DialogChannel, Cursor)>();
        foreach (var channel in loop.Channels)
        {
            if (channel.IsQuiet(Jittered(), out var head))
            {
                quiet.Add((channel, head));
            }
        }

        return quiet;
    }

    private async Task CompareAsync(DeliveryLoop loop, (DialogChannel Channel, Cursor Head)[] batch, CancellationToken cancellationToken)
    {
        try
        {
            var tops = await log.GetHeadsAsync([.. batch.Select(entry => entry.Channel.Key)], cancellationToken);
            loop.Post(() =>
            {
                for (var i = 0; i < batch.Length; i++)
                {
                    batch[i].Channel.Compare(batch[i].Head, tops[i]);
                }
            });
        }
        catch (MessagingUnavailableException)
        {
            // The next round compares.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A log that cannot be read must not stop the node.
            Log.NotCompared(logger, exception);
        }
    }

    // Jittered, so that dialogs that fell silent together are not asked for together for ever.
    private TimeSpan Jittered() => options.Value.PositionCheckInterval * (0.75 + (Random.Shared.NextDouble() / 2));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Quiet dialogs could not be compared with their logs")]
        public static partial void NotCompared(ILogger logger, Exception exception);
    }
}
