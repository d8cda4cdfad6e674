using System.Collections.Concurrent;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Redis.Replication;

/// <summary>The primary is lost for good amid appends, and its replica takes over.</summary>
public sealed class PromotionTests : MessagingTest
{
    private const int Writers = 8;
    private const int Rounds = 4;

    [Fact]
    public async Task Nothing_that_a_replica_confirmed_is_lost()
    {
        var random = Seed.Random();
        for (var round = 0; round < Rounds; round++)
        {
            var (acknowledged, promoted) = await LoseThePrimaryAsync(replicas: 1, isCutOff: round % 2 == 1, random);

            Assert.True(acknowledged.Sum(log => log.Value.Count) > Writers, "hardly anything was acknowledged");
            foreach (var (dialog, cursors) in acknowledged)
            {
                var held = (await promoted.ReadAllAsync(dialog)).Select(entry => entry.Cursor).ToHashSet();
                Assert.Subset(held, cursors.ToHashSet());
                Assert.True((await promoted.Log.ReadAfterAsync(dialog, cursors[^1], 100, TestTimeout.Token())).Held);
            }
        }
    }

    [Fact]
    public async Task What_is_lost_where_no_replica_was_waited_for_is_told()
    {
        var (acknowledged, promoted) = await LoseThePrimaryAsync(replicas: 0, isCutOff: true, Seed.Random());

        var lost = 0;
        foreach (var (dialog, cursors) in acknowledged)
        {
            var held = (await promoted.ReadAllAsync(dialog)).Select(entry => entry.Cursor).ToHashSet();
            foreach (var cursor in cursors.Where(cursor => !held.Contains(cursor)))
            {
                lost++;
                Assert.False((await promoted.Log.ReadAfterAsync(dialog, cursor, 100, TestTimeout.Token())).Held);
            }
        }

        Assert.True(lost > 0, "nothing was lost, so nothing is shown");
    }

    // The primary is killed amid appends and the replica takes over; or the primary is cut off before, and goes on for a while alone.
    private async Task<(Dictionary<StreamKey, List<Cursor>> Acknowledged, MessagingHost Promoted)> LoseThePrimaryAsync(
        int replicas, bool isCutOff, Random random)
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = Keep(await MessagingHost.ConnectAsync(redis.Primary.ConnectionString, configure: builder =>
        {
            builder.Configuration["Messaging:Replicas"] = $"{replicas}";
            builder.Configuration["Messaging:ReplicaTimeout"] = "00:00:00.050";
        }));
        var acknowledged = new ConcurrentDictionary<StreamKey, List<Cursor>>();
        var dialogs = new StreamKey[Writers];
        var (ahead, behind) = (random.Next(100, 400), Writers * random.Next(2, 10));
        for (var i = 0; i < Writers; i++)
        {
            dialogs[i] = await OpenAsync(host);
            acknowledged[dialogs[i]] = [];
        }

        using var stop = new CancellationTokenSource();
        var tried = 0;
        var writing = dialogs.Select(dialog => Task.Run(() => WriteAsync(dialog))).ToList();
        await UntilAsync(() => tried >= ahead);
        if (isCutOff)
        {
            await ReplicatedRedis.PromoteAsync(redis.Replicas[0]);
            var before = tried;
            await UntilAsync(() => tried >= before + behind);
        }

        await redis.Primary.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await ReplicatedRedis.PromoteAsync(redis.Replicas[0]);
        return (acknowledged.ToDictionary(), Keep(await MessagingHost.ConnectAsync(redis.Replicas[0].ConnectionString)));

        async Task WriteAsync(StreamKey dialog)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    acknowledged[dialog].Add((await host.SendAsync(dialog, $"c{i}", $"{i}")).Entry.Cursor);
                }
                catch (MessagingUnavailableException)
                {
                    // Unknown, and not acknowledged. A later one may well be.
                }

                Interlocked.Increment(ref tried);
            }
        }
    }

    // A replica may well take longer than that to confirm it, on a machine that is busy.
    private static async Task<StreamKey> OpenAsync(MessagingHost host)
    {
        var limit = TestTimeout.Token();
        while (true)
        {
            try
            {
                return await host.OpenDialogAsync();
            }
            catch (MessagingUnavailableException)
            {
                limit.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var limit = TestTimeout.Token();
        while (!isSo())
        {
            await Task.Delay(1, limit);
        }
    }
}
