using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>Tells accounts of what this process has appended, and of what is found in outboxes.</summary>
internal sealed partial class ProjectionWorker(
    ProjectionQueue queue, Projector projector, ProjectionMetrics metrics, ILogger<ProjectionWorker> logger) : BackgroundService
{
    // An account, and a partition, is told of by one at a time: what comes meanwhile is told at once. A slot that does not answer holds up
    // one of these.
    private const int AccountsAtOnce = 32;
    private const int PartitionsAtOnce = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        .. Enumerable.Range(0, AccountsAtOnce).Select(_ => LoopAsync(TellAccountAsync, stoppingToken)),
        .. Enumerable.Range(0, PartitionsAtOnce).Select(_ => LoopAsync(TellPartitionAsync, stoppingToken)),
    ]);

    private async Task TellAccountAsync(CancellationToken stoppingToken)
    {
        var account = await queue.TakeAccountAsync(stoppingToken);
        try
        {
            while (queue.TakeAppended(account, Projector.ToldAtOnce) is { Count: > 0 } appended)
            {
                // A process that ends tells what it has begun with.
                await projector.TellAsync(account, appended, CancellationToken.None);
            }
        }
        finally
        {
            queue.Done(account);
        }
    }

    private async Task TellPartitionAsync(CancellationToken stoppingToken)
    {
        var partition = await queue.TakePartitionAsync(stoppingToken);
        try
        {
            await projector.ProjectAsync(partition, stoppingToken);
        }
        finally
        {
            queue.Done(partition);
        }
    }

    private async Task LoopAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                await work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                // The notes are in the outboxes: the next sweep finds them.
                metrics.Failed();
                Log.Unavailable(logger, exception.Message);
            }
            catch (Exception exception)
            {
                metrics.Failed();
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Lists were not told now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Telling lists failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
