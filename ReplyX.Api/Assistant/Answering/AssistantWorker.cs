using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// Takes what waits for the sites' assistants, as every instance of this service does. It learns of work as it comes, and looks for it at
/// intervals: a publish may be lost, and an instance may have ended amid its work.
/// </summary>
internal sealed partial class AssistantWorker(
    AssistantWork work, DialogAnswerer answerer, IOptions<AssistantOptions> options, TimeProvider time, ILogger<AssistantWorker> logger)
    : BackgroundService
{
    private readonly SiteRotation _rotation = new(options.Value.MaxAnswers, options.Value.MaxAnswersPerAccount);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweeping = SweepAsync(stoppingToken);
        try
        {
            while (true)
            {
                while (_rotation.TryTake(out var site))
                {
                    Run(site, stoppingToken);
                }

                await _news.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await sweeping;

            // Each gives its dialog back, for another instance.
            await Task.WhenAll(_running.Keys);
        }
    }

    private void Run(AssistantSite site, CancellationToken stoppingToken)
    {
        var running = Task.Run(() => ServeAsync(site, stoppingToken), CancellationToken.None);
        _running.TryAdd(running, true);
        _ = running.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(AssistantSite site, CancellationToken stoppingToken)
    {
        try
        {
            if (await work.ClaimAsync(site, options.Value.Lease, stoppingToken) is { } lease)
            {
                // There may be more where this one was.
                Offer(site);
                await answerer.AnswerAsync(lease, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What may have been claimed all the same is free when its lease runs out.
        }
        catch (MessagingUnavailableException exception)
        {
            Log.Unavailable(logger, exception.Message);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
        }
        finally
        {
            _rotation.Return(site);
            _news.Writer.TryWrite(true);
        }
    }

    private void Offer(AssistantSite site)
    {
        _rotation.Offer(site);
        _news.Writer.TryWrite(true);
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        var isSubscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isSubscribed)
                {
                    await work.SubscribeAsync(Offer, stoppingToken);
                    isSubscribed = true;
                }

                foreach (var site in await work.FindWaitingAsync(stoppingToken))
                {
                    Offer(site);
                }
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

            // Jittered, so that the instances of a cluster do not come all at once.
            await Task.Delay(options.Value.SweepInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The assistants' work is not seen now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "The assistants' work could not be taken")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
