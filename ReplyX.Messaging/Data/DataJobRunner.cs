using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>Finds jobs that nobody is at, and does them. Any number of processes may.</summary>
internal sealed partial class DataJobRunner(
    RedisGateway redis,
    DataJobs jobs,
    DataExport export,
    VisitorErasure visitors,
    AccountErasure accounts,
    TimeProvider time,
    IOptions<DataOptions> options,
    DataMetrics metrics,
    ILogger<DataJobRunner> logger)
{
    // Of an export. Each time a fault, not a Redis or a disk that is away: those are waited for.
    private const int MostAttempts = 5;
    private const int TokenBytes = 12;

    private static readonly TimeSpan _retryPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestRetryPause = TimeSpan.FromMinutes(10);

    // Longer than a start takes from its note of the account to its job.
    private static readonly TimeSpan _forgottenAfter = TimeSpan.FromMinutes(10);

    private static readonly RedisScript _claim = RedisScript.Load("Data.claim");

    /// <summary>Does one job as far as it can be done now.</summary>
    /// <param name="erasuresAlone">Whether exports are left to others.</param>
    /// <param name="cancellationToken">Stops amid it; another process goes on.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunNextAsync(bool erasuresAlone, CancellationToken cancellationToken)
    {
        foreach (var noted in await ListAccountsAsync(cancellationToken))
        {
            var account = (string)noted.Element!;
            var open = await redis.ExecuteAsync(database => database.HashGetAllAsync(RedisKeys.OpenDataJobs(account)), cancellationToken);

            // An erasure before exports, which it may take back.
            foreach (var (field, id) in open
                .Where(entry => !(erasuresAlone && DataJobs.IsOfExport(entry.Name)))
                .OrderBy(entry => DataJobs.IsOfExport(entry.Name))
                .Select(entry => ((string)entry.Name!, (string)entry.Value!)))
            {
                if (await TryClaimAsync(account, field, id, cancellationToken) is { } lease)
                {
                    await RunAsync(lease, cancellationToken);
                    return true;
                }
            }

            if (open.Length == 0 && noted.Score < (time.GetUtcNow() - _forgottenAfter).ToUnixTimeMilliseconds())
            {
                await redis.ExecuteAsync(
                    database =>
                    {
                        var transaction = database.CreateTransaction();
                        transaction.AddCondition(Condition.SortedSetEqual(RedisKeys.DataAccounts, noted.Element, noted.Score));
                        _ = transaction.SortedSetRemoveAsync(RedisKeys.DataAccounts, noted.Element);
                        return transaction.ExecuteAsync();
                    },
                    cancellationToken);
            }
        }

        return false;
    }

    // In another order each time, so that none waits for all jobs of another.
    private async Task<SortedSetEntry[]> ListAccountsAsync(CancellationToken cancellationToken)
    {
        var accounts = await redis.ExecuteAsync(
            database => database.SortedSetRangeByRankWithScoresAsync(RedisKeys.DataAccounts), cancellationToken);
        Random.Shared.Shuffle(accounts);
        return accounts;
    }

    private async Task<DataJobLease?> TryClaimAsync(string account, string field, string id, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var key = RedisKeys.DataJob(account, id);
        var isClaimed = await redis.EvaluateNumberAsync(
            _claim,
            [key, RedisKeys.OpenDataJobs(account), RedisKeys.DataJobDialogs(account, id)],
            [
                field,
                id,
                token,
                (long)options.Value.Lease.TotalMilliseconds,
                time.GetUtcNow().ToUnixTimeMilliseconds(),
                (long)options.Value.JobLifetime.TotalSeconds,
            ],
            cancellationToken) == 1;
        if (!isClaimed)
        {
            return null;
        }

        var fields = DataJobRecord.ToFields(await redis.ExecuteAsync(database => database.HashGetAllAsync(key), cancellationToken));
        return DataJobRecord.Read(account, id, fields) is { } job ? new DataJobLease(redis, options.Value, job, token, fields) : null;
    }

    private async Task RunAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var job = lease.Job;
        metrics.Began(job.Kind);
        try
        {
            var step = (job.Kind, job.Subject) switch
            {
                (DataJobKind.Export, _) => await export.RunAsync(lease, cancellationToken),
                (_, DataJobSubject.Visitor) => await visitors.RunAsync(lease, cancellationToken),
                _ => await accounts.RunAsync(lease, cancellationToken),
            };
            if (!step.IsPaused)
            {
                await FinishAsync(lease, step, cancellationToken);
            }
        }
        catch (LeaseLostException)
        {
            Log.Lost(logger, job.Id, job.Account);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(lease);
            throw;
        }
        catch (MessagingUnavailableException)
        {
            // Whoever finds Redis and the archive again goes on.
            throw;
        }
        catch (Exception exception)
        {
            await FailAsync(lease, exception, cancellationToken);
        }
        finally
        {
            metrics.Left(job.Kind);
        }
    }

    private async Task FinishAsync(DataJobLease lease, JobStep step, CancellationToken cancellationToken)
    {
        var job = lease.Job;
        if (step.Failure is not null)
        {
            await jobs.DeleteResultAsync(job.Account, job.Id, cancellationToken);
        }

        await lease.FinishAsync(
            time.GetUtcNow(),
            step.Failure,
            cancellationToken,
            step.ResultKept is { } until ? [(DataJobRecord.Expires, until.ToUnixTimeMilliseconds())] : []);
        metrics.Ended(job.Kind, step.Failure is null);
        Log.Ended(logger, job.Kind, job.Id, job.Account, step.Failure is null ? DataJobState.Done : DataJobState.Failed);
        if (job is { Kind: DataJobKind.Erasure, Subject: DataJobSubject.Account })
        {
            await redis.ExecuteAsync(database => database.SortedSetRemoveAsync(RedisKeys.DataAccounts, job.Account), cancellationToken);
        }
    }

    private async Task FailAsync(DataJobLease lease, Exception exception, CancellationToken cancellationToken)
    {
        var job = lease.Job;
        var attempts = lease.Number(DataJobRecord.Attempts) + 1;
        Log.Failed(logger, exception, job.Kind, job.Id, job.Account, attempts);
        metrics.Faulted(job.Kind);
        try
        {
            // An erasure is never given up: nobody else may know of whom it was, or be left to start it again.
            if (attempts >= MostAttempts && job.Kind == DataJobKind.Export)
            {
                await FinishAsync(lease, new JobStep(DataJobFailure.Error), cancellationToken);
            }
            else
            {
                var pause = TimeSpan.FromTicks(Math.Min(_retryPause.Ticks * attempts, _longestRetryPause.Ticks));
                await lease.PauseAsync(time.GetUtcNow() + pause, cancellationToken, (DataJobRecord.Attempts, attempts));
            }
        }
        catch (LeaseLostException)
        {
            Log.Lost(logger, job.Id, job.Account);
        }
    }

    // So that another process need not wait for the lease to run out; if it cannot be, it does.
    private async Task ReleaseAsync(DataJobLease lease)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        try
        {
            await lease.PauseAsync(time.GetUtcNow(), patience.Token);
        }
        catch (Exception exception) when (exception is LeaseLostException or MessagingUnavailableException or OperationCanceledException)
        {
            Log.Lost(logger, lease.Job.Id, lease.Account);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The {Kind} {Job} of {Account} has ended: {Outcome}")]
        public static partial void Ended(ILogger logger, DataJobKind kind, string job, string account, DataJobState outcome);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The job {Job} of {Account} is taken back, or another process goes on with it")]
        public static partial void Lost(ILogger logger, string job, string account);

        [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The {Kind} {Job} of {Account} failed at attempt {Attempt}")]
        public static partial void Failed(ILogger logger, Exception exception, DataJobKind kind, string job, string account, long attempt);
    }
}
