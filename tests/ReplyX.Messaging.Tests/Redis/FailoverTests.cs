using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Redis;

/// <summary>A master of a cluster hangs, and is replaced while nobody redirects those who ask for it; and one has no replica any more.</summary>
public sealed class FailoverTests : MessagingTest
{
    private const int Dialogs = 24;

    /// <summary>By itself the client library looks for other masters once a minute.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_replica_that_is_missing_is_missed_whichever_master_is_asked()
    {
        var cluster = Keep(await ClusterServers.StartAsync(nodeTimeout: TimeSpan.FromSeconds(1)));
        var host = Keep(await MessagingHost.ConnectAsync(cluster.ConnectionString, isSpread: true));
        var probe = host.Services.GetRequiredService<RedisProbe>();
        var limit = TestTimeout.Token();
        while ((await probe.LookAsync(TestTimeout.Token())).Replicas != 1)
        {
            await Task.Delay(50, limit);
        }

        var replica = await cluster.FindReplicaAsync((await cluster.FindMastersAsync())[^1]);
        await replica!.KillAsync();
        while ((await probe.LookAsync(TestTimeout.Token())).Replicas != 0)
        {
            await Task.Delay(50, limit);
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(0, (await probe.LookAsync(TestTimeout.Token())).Replicas);
        }
    }

    [Fact]
    public async Task The_one_that_takes_a_hanging_master_s_place_is_found_and_whoever_listens_is_told()
    {
        var cluster = Keep(await ClusterServers.StartAsync(nodeTimeout: TimeSpan.FromSeconds(1)));
        var host = Keep(await MessagingHost.ConnectAsync(cluster.ConnectionString, isSpread: true));
        await host.StartAsync();
        var changed = new SemaphoreSlim(0);
        host.Services.GetRequiredService<ClusterWatch>().Changed += (_, _) => changed.Release();
        var dialogs = await Task.WhenAll(Enumerable.Range(0, Dialogs).Select(_ => host.OpenDialogAsync()));
        var master = (await cluster.FindMastersAsync())[0];
        var replica = await cluster.FindReplicaAsync(master);

        await master.PauseAsync();
        Assert.True(await changed.WaitAsync(TestTimeout.Default));
        await cluster.UntilPromotedAsync(master, replica!);

        // The old one still hangs, and the library has not given up its connection, upon which it would look for others by itself.
        await SendToAllAsync("during");
        Assert.True(host.Database.Multiplexer.GetServer(master.ConnectionString).IsConnected);

        await master.ResumeAsync();
        await cluster.UntilWellAsync();
        await SendToAllAsync("after");
        foreach (var dialog in dialogs)
        {
            Assert.Equal(3, (await host.ReadAllAsync(dialog)).Count);
        }

        // Any other exception than "not now" fails the test: the services answer it with 500.
        async Task SendToAllAsync(string text)
        {
            var limit = TestTimeout.Token(_limit);
            await Task.WhenAll(dialogs.Select(dialog => SendAsync(dialog, text, limit)));
        }

        async Task SendAsync(StreamKey dialog, string text, CancellationToken limit)
        {
            while (true)
            {
                try
                {
                    await host.SendAsync(dialog, text, text);
                    return;
                }
                catch (MessagingUnavailableException)
                {
                    await Task.Delay(50, limit);
                }
            }
        }
    }
}
