using Microsoft.Extensions.Hosting;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// Does something at intervals for as long as the process lives, jittered by a quarter so that the processes of a cluster do not come all at
/// once. While Redis is away, and whatever goes wrong, it is done again at the next one.
/// </summary>
internal abstract class IntervalService(TimeProvider time) : BackgroundService
{
    /// <summary>The interval.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>How long is waited beside it before the first time.</summary>
    protected virtual TimeSpan FirstDelay => TimeSpan.Zero;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RepeatAsync(stoppingToken);

    /// <summary>Does it, until the process stops.</summary>
    protected Task RepeatAsync(CancellationToken stoppingToken) => RepeatAsync(DoAsync, stoppingToken);

    /// <summary>Does something else in the same way.</summary>
    protected async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(delay + (Interval * (0.75 + (Random.Shared.NextDouble() / 2))), time, stoppingToken);
                delay = TimeSpan.Zero;
                await work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                OnUnavailable(exception.Message);
            }
            catch (Exception exception)
            {
                OnFailed(exception);
            }
        }
    }

    /// <summary>What is done each time.</summary>
    protected abstract Task DoAsync(CancellationToken stoppingToken);

    /// <summary>Redis did not answer.</summary>
    protected abstract void OnUnavailable(string reason);

    /// <summary>Something else went wrong.</summary>
    protected abstract void OnFailed(Exception exception);
}
