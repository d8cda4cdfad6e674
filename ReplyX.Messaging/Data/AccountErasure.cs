using System.Text;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// Erases an account. Its operators and sites went with the start (<see cref="DataJobs.StartAsync"/>); here go the names that lead to it from
/// outside, its dialogs one after the other, so that whoever watches one is told, its archive, and then every key that carries its tag,
/// whatever wrote it. Then all of it again, as for a visitor. What is left is the job, which says when.
/// </summary>
internal sealed class AccountErasure(
    RedisGateway redis,
    DialogErasure erasure,
    IDialogArchive archive,
    AssistantDirectory assistants,
    DataJobs jobs,
    TimeProvider time,
    IOptions<DataOptions> options)
{
    private const int PageSize = 1_000;

    public async Task<JobStep> RunAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var account = lease.Account;
        while (true)
        {
            switch (lease.Text(DataJobRecord.Phase))
            {
                case "":
                    await DropNamesAsync(account, cancellationToken);
                    await jobs.TakeBackAsync(account, _ => true, cancellationToken);
                    await lease.SaveAsync(cancellationToken, (DataJobRecord.Phase, "find"));
                    break;

                case "find":
                    await erasure.FindAsync(lease, cancellationToken);
                    break;

                case "delete":
                    await erasure.DeleteAsync(lease, cancellationToken);
                    var isGone = await archive.DeleteAccountAsync(account, cancellationToken) && lease.Number(DataJobRecord.Left) == 0;
                    if (!isGone)
                    {
                        await lease.PauseAsync(time.GetUtcNow() + DialogErasure.LeftPause, cancellationToken, (DataJobRecord.Phase, "find"));
                        return JobStep.Paused;
                    }

                    await SweepAsync(lease, cancellationToken);
                    if (lease.Number(DataJobRecord.Round) == 0)
                    {
                        await lease.PauseAsync(
                            time.GetUtcNow() + options.Value.SettleTime, cancellationToken, (DataJobRecord.Phase, ""), (DataJobRecord.Round, 1));
                        return JobStep.Paused;
                    }

                    await lease.SaveAsync(cancellationToken, (DataJobRecord.Phase, "end"));
                    break;

                default:
                    return JobStep.Done;
            }
        }
    }

    // By what they lead to: what a crash has left beside its operator or site is found, too.
    private async Task DropNamesAsync(string account, CancellationToken cancellationToken)
    {
        foreach (var table in (RedisKey[])[RedisKeys.Logins, RedisKeys.Assistants])
        {
            var at = "0";
            do
            {
                var reply = (RedisResult[])(await redis.ExecuteAsync(
                    database => database.ExecuteAsync("HSCAN", table, at, "COUNT", PageSize), cancellationToken))!;
                at = (string)reply[0]!;
                foreach (var pair in ((RedisValue[])reply[1]!).Chunk(2).Where(pair => ((string)pair[1]!).Split(' ')[0] == account))
                {
                    // Unless it is somebody else's by now.
                    await redis.ExecuteAsync(
                        database =>
                        {
                            var transaction = database.CreateTransaction();
                            transaction.AddCondition(Condition.HashEqual(table, pair[0], pair[1]));
                            _ = transaction.HashDeleteAsync(table, pair[0]);
                            return transaction.ExecuteAsync();
                        },
                        cancellationToken);
                }
            }
            while (at != "0");
        }

        foreach (var site in (await assistants.ListSitesAsync(cancellationToken)).Where(site => site.Account == account))
        {
            await assistants.RemoveAsync(site, cancellationToken);
        }
    }

    // Keys of the account carry its tag, and so lie on one server of a cluster; those of its spread dialogs lie on all of them, and of those
    // that nobody has written in no list tells. Which servers there are is the client library's to know.
    private async Task SweepAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var account = lease.Account;
        HashSet<RedisKey> kept =
        [
            RedisKeys.DataJob(account, lease.Job.Id),
            RedisKeys.DataJobDialogs(account, lease.Job.Id),
            RedisKeys.OpenDataJobs(account),
            RedisKeys.ErasedAccount(account),
        ];
        foreach (var server in redis.Connection.GetServers().Where(server => server.IsConnected && !server.IsReplica))
        {
            foreach (var pattern in RedisKeys.PatternsOf(Escape(account)))
            {
                List<RedisKey> found = [];
                await redis.ExecuteAsync(
                    async _ =>
                    {
                        await foreach (var key in server.KeysAsync(pattern: pattern, pageSize: PageSize).WithCancellation(cancellationToken))
                        {
                            if (!kept.Contains(key))
                            {
                                found.Add(key);
                            }

                            if (found.Count == PageSize)
                            {
                                await DeleteAsync(lease, found, cancellationToken);
                            }
                        }

                        return true;
                    },
                    cancellationToken);
                await DeleteAsync(lease, found, cancellationToken);
            }
        }
    }

    private async Task DeleteAsync(DataJobLease lease, List<RedisKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count > 0)
        {
            // One by one: they lie in many slots.
            RedisKey[] going = [.. keys];
            await redis.ExecuteAsync(database => Task.WhenAll(going.Select(key => database.KeyDeleteAsync(key))), cancellationToken);
            keys.Clear();
        }

        await lease.SaveAsync(cancellationToken);
    }

    // What Redis takes for a pattern in an id that an installation has given an account itself.
    private static string Escape(string account)
    {
        var escaped = new StringBuilder();
        foreach (var character in account)
        {
            _ = "*?[]^\\".Contains(character, StringComparison.Ordinal) ? escaped.Append('\\').Append(character) : escaped.Append(character);
        }

        return escaped.ToString();
    }
}
