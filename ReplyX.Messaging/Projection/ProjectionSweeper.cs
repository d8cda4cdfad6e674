using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>
/// Finds what a process has noted and not told: it ended in between, or Redis was away. One of all processes does it, by a lease; that two
/// do it now and then does no harm.
/// </summary>
internal sealed partial class ProjectionSweeper(
    RedisGateway redis, ProjectionQueue queue, TimeProvider time, ILogger<ProjectionSweeper> logger) : BackgroundService
{
    private const int AskedAtOnce = 256;

    private static readonly RedisKey[] _outboxes = [.. Enumerable.Range(0, StreamKey.Partitions).Select(RedisKeys.Outbox)];

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(4);

    // Of each outbox, as it was the last time; null if that is not known. What has just come in is told by whoever put it in.
    private readonly RedisValue?[] _oldest = new RedisValue?[StreamKey.Partitions];

    private readonly string _holder = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await HoldAsync(stoppingToken))
                {
                    await SweepAsync(stoppingToken);
                }
                else
                {
                    Array.Clear(_oldest);
                }

                await Task.Delay(_interval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (MessagingUnavailableException exception)
            {
                Log.Unavailable(logger, exception.Message);
                await PauseAsync(stoppingToken);
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception);
                await PauseAsync(stoppingToken);
            }
        }
    }

    /// <summary>Puts every partition into this process' queue whose outbox begins as it did the last time.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        // Mostly there is none. Where one command may ask for all of them, it does.
        if (!redis.IsCluster && await redis.ExecuteAsync(database => database.KeyExistsAsync(_outboxes), cancellationToken) == 0)
        {
            Array.Fill(_oldest, RedisValue.Null);
            return;
        }

        foreach (var partitions in Enumerable.Range(0, StreamKey.Partitions).Chunk(AskedAtOnce))
        {
            var oldest = await redis.ExecuteAsync(
                database => Task.WhenAll(partitions.Select(partition => database.ListGetByIndexAsync(_outboxes[partition], 0))), cancellationToken);
            for (var i = 0; i < partitions.Length; i++)
            {
                var before = _oldest[partitions[i]];
                _oldest[partitions[i]] = oldest[i];
                if (!oldest[i].IsNull && (before is null || before == oldest[i]))
                {
                    queue.Hint(partitions[i]);
                }
            }
        }
    }

    private Task<bool> HoldAsync(CancellationToken cancellationToken) => redis.ExecuteAsync(
        async database => await database.LockExtendAsync(RedisKeys.ProjectionLease, _holder, _lease)
            || await database.LockTakeAsync(RedisKeys.ProjectionLease, _holder, _lease),
        cancellationToken);

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(_interval, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Outboxes were not swept now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Sweeping the outboxes failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
