using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Finds the dialogs that nobody has written in for <see cref="ArchiveOptions.IdleAfter"/>, and lays them to rest. They are found by the
/// index of the account's list, which is by last activity: what was looked at is not looked at again, since a dialog that is written in
/// moves to the index's other end. Any number of processes may do it at once.
/// </summary>
internal sealed partial class IdleDialogs(
    RedisGateway redis,
    AccountDirectory accounts,
    DialogArchiver archiver,
    TimeProvider time,
    IOptions<ArchiveOptions> options,
    ArchiveMetrics metrics,
    ILogger<IdleDialogs> logger)
{
    private const int AtOnce = 100;

    /// <summary>Lays to rest whatever is idle now.</summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IdleAfter is not { } age)
        {
            return;
        }

        foreach (var account in await accounts.ListAsync(cancellationToken))
        {
            var rested = await RestAsync(account, time.GetUtcNow() - age, cancellationToken);
            if (rested > 0)
            {
                Log.Rested(logger, rested, account);
            }
        }
    }

    private async Task<int> RestAsync(string account, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var (index, upTo) = (RedisKeys.DialogIndex(account), RedisKeys.RestedUpTo(account));
        var known = await redis.ExecuteAsync(database => database.StringGetAsync(upTo), cancellationToken);
        var from = known.TryParse(out long at) ? at : 0;
        var (rested, most) = (0, AtOnce);
        SortedSetEntry[] rows;
        int wanted;
        do
        {
            // From the last one's time on, since others may have the same.
            wanted = most;
            rows = await redis.ExecuteAsync(
                database => database.SortedSetRangeByScoreWithScoresAsync(index, from, latest.ToUnixTimeMilliseconds(), take: wanted), cancellationToken);
            foreach (var row in rows)
            {
                rested += await TryRestAsync(StreamKey.ForDialog(account, (long)row.Element), latest, cancellationToken) ? 1 : 0;
            }

            if (rows is [.., var last])
            {
                most = last.Score == from ? most * 2 : AtOnce;
                from = (long)last.Score;
                await redis.ExecuteAsync(database => database.StringSetAsync(upTo, from), cancellationToken);
            }
        }
        while (rows.Length == wanted);

        return rested;
    }

    private async Task<bool> TryRestAsync(StreamKey dialog, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        try
        {
            return await archiver.RestAsync(dialog, latest, cancellationToken);
        }
        catch (Exception exception) when (exception is not (MessagingUnavailableException or OperationCanceledException))
        {
            // One that cannot be read must not keep the others from it. It stays as it is.
            metrics.Failed(ArchiveFailure.Error);
            Log.Failed(logger, exception, dialog);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Dialogs} idle dialogs of {Account} have gone to the archive whole")]
        public static partial void Rested(ILogger logger, int dialogs, string account);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Dialog} is idle, and archiving it failed")]
        public static partial void Failed(ILogger logger, Exception exception, StreamKey dialog);
    }
}
