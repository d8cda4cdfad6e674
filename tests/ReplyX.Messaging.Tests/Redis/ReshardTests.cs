using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Redis;

/// <summary>A cluster whose slots move: what cannot be done now is "not now", and a retry with the same key makes it happen once.</summary>
public sealed class ReshardTests : MessagingTest
{
    private const int Dialogs = 24;
    private const int Moved = 700;

    private protected override bool IsSpread => true;

    [Fact]
    public async Task While_slots_move_every_append_happens_once_and_lists_are_told_of_it_once()
    {
        var host = await StartAsync(RedisKind.Cluster, configure: builder => builder.Configuration["Messaging:FeedLength"] = "1000000");
        foreach (var service in host.Services.GetServices<IHostedService>().Where(service => service is ProjectionWorker or ProjectionSweeper))
        {
            await service.StartAsync(TestTimeout.Token());
        }

        var dialogs = await Task.WhenAll(Enumerable.Range(0, Dialogs).Select(_ => host.OpenDialogAsync()));
        var acknowledged = new ConcurrentDictionary<StreamKey, List<long>>();
        var refused = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token());
        var writing = dialogs.Select(async dialog =>
        {
            var owner = (await host.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
            var seqs = acknowledged.GetOrAdd(dialog, _ => []);
            for (var n = 0; !over.IsCancellationRequested; n++)
            {
                while (true)
                {
                    try
                    {
                        var sent = await host.Log.AppendMessageAsync(
                            dialog, owner, new NewMessage(MessagingHost.Key("ann", $"m{n}"), Sender.User, $"{n}"), TestTimeout.Token());
                        seqs.Add(sent.Entry.Seq);
                        break;
                    }
                    catch (MessagingUnavailableException)
                    {
                        // Any other exception fails the test: the services answer it with 500.
                        Interlocked.Increment(ref refused);
                        await Task.Delay(10, TestTimeout.Token());
                    }
                }
            }
        }).ToList();

        // There and back again, so that the cluster is as it was.
        await RedisCluster.ReshardAsync(from: 0, to: 1, Moved);
        await RedisCluster.ReshardAsync(from: 1, to: 2, Moved);
        await RedisCluster.ReshardAsync(from: 2, to: 0, Moved);
        await over.CancelAsync();
        await Task.WhenAll(writing);
        TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Values.Sum(seqs => seqs.Count)} acknowledged, {refused} refused");

        for (var partition = 0; partition < StreamKey.Partitions; partition++)
        {
            while (await host.Database.ListLengthAsync(RedisKeys.Outbox(partition)) > 0)
            {
                await Task.Delay(20, TestTimeout.Token());
            }
        }

        var told = (await host.ReadAllAsync(StreamKey.ForFeed("acme")))
            .Select(entry => JsonDocument.Parse(entry.Payload).RootElement)
            .ToLookup(json => json.GetProperty("dialog_id").GetInt64(), json => json.GetProperty("last_seq").GetInt64());
        foreach (var dialog in dialogs)
        {
            var log = (await host.ReadAllAsync(dialog)).Select(entry => entry.Seq).Where(seq => seq > 1).ToList();
            Assert.Equal(acknowledged[dialog], log);
            Assert.Equal(log, told[dialog.DialogId]);
        }
    }
}
