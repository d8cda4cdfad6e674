using Microsoft.Extensions.Options;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// Erases a visitor: first nothing is started for them any more, then their dialogs go whole, then what else tells of them. All of it is done
/// twice, the second time after <see cref="DataOptions.SettleTime"/>: a request or an archiver that was under way may have written since. Each
/// step does no harm when it is done again.
/// </summary>
internal sealed class VisitorErasure(
    RedisGateway redis,
    JobDialogs dialogs,
    DialogErasure erasure,
    DataJobs jobs,
    AssistantDirectory assistants,
    TimeProvider time,
    IOptions<DataOptions> options)
{
    private const int ForgottenAtOnce = 500;

    // Keeps each run of the script short.
    private const int FeedReadAtOnce = 500;

    private static readonly RedisScript _redactFeed = RedisScript.Load("Data.redact_feed");
    private static readonly RedisScript _forgetWork = RedisScript.Load("Data.forget_work");

    public async Task<JobStep> RunAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var visitor = lease.Job.VisitorId!;
        while (true)
        {
            switch (lease.Text(DataJobRecord.Phase))
            {
                case "":
                    // Again, since it counts from now: it was done with the start, which may be long ago.
                    await redis.ExecuteAsync(
                        async database =>
                        {
                            await jobs.MarkErasedAsync(database, lease.Account, visitor);
                            return true;
                        },
                        cancellationToken);
                    await TakeBackAsync(lease, cancellationToken);
                    await lease.SaveAsync(cancellationToken, (DataJobRecord.Phase, "find"));
                    break;

                case "find":
                    await erasure.FindAsync(lease, cancellationToken);
                    break;

                case "delete":
                    await erasure.DeleteAsync(lease, cancellationToken);
                    await ForgetAsync(lease, visitor, cancellationToken);
                    if (lease.Number(DataJobRecord.Left) > 0)
                    {
                        await lease.PauseAsync(time.GetUtcNow() + DialogErasure.LeftPause, cancellationToken, (DataJobRecord.Phase, "find"));
                        return JobStep.Paused;
                    }

                    if (lease.Number(DataJobRecord.Round) == 0)
                    {
                        await lease.PauseAsync(
                            time.GetUtcNow() + options.Value.SettleTime, cancellationToken, (DataJobRecord.Phase, "find"), (DataJobRecord.Round, 1));
                        return JobStep.Paused;
                    }

                    await TakeBackAsync(lease, cancellationToken);
                    await lease.SaveAsync(cancellationToken, (DataJobRecord.Phase, "end"));
                    break;

                default:
                    return JobStep.Done;
            }
        }
    }

    private async Task ForgetAsync(DataJobLease lease, string visitor, CancellationToken cancellationToken)
    {
        var account = lease.Account;
        var sites = await ListSitesAsync(account, cancellationToken);
        var after = 0L;
        while (await dialogs.ReadAsync(lease, after, ForgottenAtOnce, cancellationToken) is { Count: > 0 } page)
        {
            RedisValue[] ids = [.. page.Select(dialog => (RedisValue)dialog.DialogId)];
            foreach (var site in sites)
            {
                await redis.EvaluateNumberAsync(
                    _forgetWork, [RedisKeys.AssistantInbox(new AssistantSite(account, site))], [AssistantWork.NoWork, .. ids], cancellationToken);
            }

            var next = 1L;
            do
            {
                next = await redis.EvaluateNumberAsync(
                    _redactFeed, [RedisKeys.Log(StreamKey.ForFeed(account))], [next, FeedReadAtOnce, .. ids], cancellationToken);
                await lease.SaveAsync(cancellationToken);
            }
            while (next > 0);

            after = page[^1].DialogId;
        }

        var startKey = RedisKeys.GuestStart(account, visitor);
        string? start = await redis.ExecuteAsync(database => database.StringGetAsync(startKey), cancellationToken);
        RedisKey[] keys =
        [
            RedisKeys.GuestDialogs(account, visitor),
            .. sites.SelectMany(site => Enum.GetValues<DialogMode>().Select(mode => RedisKeys.OpenDialog(account, new DialogOwner(visitor, site, mode)))),

            // The one that leads to the other goes last.
            .. start is null ? (RedisKey[])[] : [RedisKeys.StartedGuest(account, start)],
            startKey,
        ];
        await redis.ExecuteAsync(database => database.KeyDeleteAsync(keys), cancellationToken);
    }

    private async Task<IReadOnlySet<string>> ListSitesAsync(string account, CancellationToken cancellationToken)
    {
        var known = await redis.ExecuteAsync(database => database.HashKeysAsync(RedisKeys.Sites(account)), cancellationToken);
        var assisted = await assistants.ListSitesAsync(cancellationToken);
        return known.Select(site => (string)site!)
            .Concat(assisted.Where(site => site.Account == account).Select(site => site.SiteId))
            .ToHashSet(StringComparer.Ordinal);
    }

    private Task TakeBackAsync(DataJobLease lease, CancellationToken cancellationToken) => jobs.TakeBackAsync(
        lease.Account, job => job.Subject == DataJobSubject.Account || job.VisitorId == lease.Job.VisitorId, cancellationToken);
}
