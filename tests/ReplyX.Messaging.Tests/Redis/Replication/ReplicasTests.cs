using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Redis.Replication;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Redis.Replication;

/// <summary>With <c>Messaging:Replicas</c> an append is acknowledged when replicas have it, and not before.</summary>
public sealed class ReplicasTests : MessagingTest
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task What_is_acknowledged_is_on_the_replica()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, TestTimeout.Default);
        var replica = Keep(await MessagingHost.ConnectAsync(redis.Replicas[0].ConnectionString));
        var dialog = await host.OpenDialogAsync();

        // The gateway reads from no replica, so its server is asked itself.
        Assert.Equal(1, await replica.Database.ListLengthAsync(RedisKeys.Log(dialog)));
        for (var i = 0; i < 100; i++)
        {
            var sent = await host.SendAsync(dialog, $"c{i}", "hello");
            byte[] last = (await replica.Database.ListGetByIndexAsync(RedisKeys.Log(dialog), -1))!;
            Assert.Equal((AppendOutcome.Appended, sent.Entry.Cursor), (sent.Outcome, LogEntry.Parse(last).Cursor));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task While_a_replica_hangs_nothing_is_acknowledged_a_retry_neither_and_afterwards_it_is_there_once(bool isSpread)
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, _soon, isSpread);
        var dialog = await UntilAnsweredAsync(host.OpenDialogAsync);
        Assert.Equal(isSpread, dialog.IsSpread);
        await redis.Replicas[0].PauseAsync();

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
        Assert.Equal(2, CountUnreplicated(host));
        await Assert.ThrowsAsync<MessagingUnavailableException>(host.OpenDialogAsync);

        // What is refused promises nothing.
        Assert.Equal(AppendOutcome.KeyConflict, (await host.SendAsync(dialog, "c1", "another text")).Outcome);

        await redis.Replicas[0].ResumeAsync();
        var retried = await UntilAnsweredAsync(() => host.SendAsync(dialog, "c1", "hello"));
        Assert.Equal(AppendOutcome.Duplicate, retried.Outcome);
        Assert.Equal(["hello"], (await host.ReadAllAsync(dialog)).Skip(1).Select(Text));
    }

    [Fact]
    public async Task Appends_that_wait_hold_up_nobody_else()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, TestTimeout.Default);
        var dialogs = new[] { await host.OpenDialogAsync(), await host.OpenDialogAsync() };
        await redis.Replicas[0].PauseAsync();

        // More than all connections take at once.
        var sends = Enumerable.Range(0, 600).Select(i => host.SendAsync(dialogs[i % 2], $"c{i}", $"{i}")).ToList();
        for (var i = 0; i < 100; i++)
        {
            await host.ReadAllAsync(dialogs[i % 2]);
            await host.Log.MarkReadAsync(dialogs[i % 2], "guest:ann", Sender.User, 1, TestTimeout.Token());
        }

        Assert.DoesNotContain(sends, send => send.IsCompleted);
        await redis.Replicas[0].ResumeAsync();
        var results = await Task.WhenAll(sends).Within("the replica to confirm all");

        Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
        foreach (var dialog in dialogs)
        {
            Assert.Equal(Enumerable.Range(1, 301).Select(seq => (long)seq), (await host.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_between_an_append_and_its_wait_acknowledges_nothing(bool isPaused)
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        await using var proxy = new LossyProxy(redis.Primary.Port);
        var host = await ConnectAsync($"127.0.0.1:{proxy.Port}", TimeSpan.FromSeconds(2));
        var dialog = await host.OpenDialogAsync();
        await host.SendAsync(dialog, "first", "the script is loaded");
        if (isPaused)
        {
            await redis.Replicas[0].PauseAsync();
        }

        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var limit = TestTimeout.Token();
        proxy.CutBefore(
            "*3\r\n$4\r\nWAIT",
            async () =>
            {
                // By now the append has happened, and a WAIT on a new connection has nothing to wait for.
                while (await host.Database.ListLengthAsync(RedisKeys.Log(dialog)) < 3)
                {
                    await Task.Delay(5, limit);
                }

                cut.SetResult();
            });
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
        Assert.True(cut.Task.IsCompleted, "the wait never came to the proxy");

        if (isPaused)
        {
            await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
            await redis.Replicas[0].ResumeAsync();
        }

        Assert.Equal(AppendOutcome.Duplicate, (await UntilAnsweredAsync(() => host.SendAsync(dialog, "c1", "hello"))).Outcome);
        Assert.Equal(3, (await host.ReadAllAsync(dialog)).Count);
    }

    [Fact]
    public async Task A_script_that_the_server_has_forgotten_is_told_again_and_waited_for()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, _soon);
        var dialog = await host.OpenDialogAsync();
        await redis.Primary.AskAsync("SCRIPT", "FLUSH");
        Assert.Equal(AppendOutcome.Appended, (await UntilAnsweredAsync(() => host.SendAsync(dialog, "c1", "hello"))).Outcome);

        await redis.Primary.AskAsync("SCRIPT", "FLUSH");
        await redis.Replicas[0].PauseAsync();
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c2", "hello"));
        Assert.Equal(3, (await host.ReadAllAsync(dialog)).Count);
    }

    [Fact]
    public async Task A_server_that_was_demoted_or_has_too_few_replicas_acknowledges_nothing()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, _soon);
        var dialog = await host.OpenDialogAsync();

        await redis.Primary.AskAsync("CONFIG", "SET", "min-replicas-to-write", "2");
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
        await redis.Primary.AskAsync("CONFIG", "SET", "min-replicas-to-write", "0");

        await ReplicatedRedis.PromoteAsync(redis.Replicas[0]);
        await redis.Primary.AskAsync("REPLICAOF", "127.0.0.1", redis.Replicas[0].Port.ToString(CultureInfo.InvariantCulture));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.SendAsync(dialog, "c1", "hello"));
    }

    [Fact]
    public async Task Nothing_is_read_from_a_replica_while_there_is_no_primary()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = Keep(await MessagingHost.ConnectAsync($"{redis.Primary.ConnectionString},{redis.Replicas[0].ConnectionString}"));
        var dialog = await host.OpenDialogAsync();
        await ReplicatedRedis.WaitUntilOnlineAsync(redis.Primary, 1);

        await redis.Primary.KillAsync();
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.ReadAllAsync(dialog));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Dialogs.FindAsync(dialog, TestTimeout.Token()));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Log.GetHeadAsync(dialog, TestTimeout.Token()));
    }

    [Fact]
    public async Task A_server_that_cannot_wait_is_told_by_the_readiness_and_acknowledges_nothing()
    {
        await StartServerAsync(RedisKind.Garnet);
        await AssertCannotWaitAsync(Server, "WAIT", onDisk: "false");
    }

    [Fact]
    public async Task The_readiness_is_degraded_while_replicas_are_missing()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        var host = await ConnectAsync(redis.Primary.ConnectionString, _soon);
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(host));

        await redis.Replicas[0].KillAsync();
        var limit = TestTimeout.Token();
        while (await CheckAsync(host) != HealthStatus.Degraded)
        {
            await Task.Delay(20, limit);
        }
    }

    // Redis can from 7.2 on. Which of the two is shown depends on the redis-server that is installed; what an answer means, ReplicaWaitTests shows.
    [Fact]
    public async Task Replicas_confirm_their_disks_where_Redis_can_ask_them_and_nothing_is_acknowledged_where_it_cannot()
    {
        var redis = Keep(await ReplicatedRedis.StartAsync(1));
        if (!(await redis.Primary.AskAsync("COMMAND", "INFO", "WAITAOF")).Contains("waitaof", StringComparison.Ordinal))
        {
            await AssertCannotWaitAsync(redis.Primary, "WAITAOF", onDisk: "true");
            return;
        }

        var host = await ConnectAsync(redis.Primary.ConnectionString, TestTimeout.Default, onDisk: "true");
        var dialog = await host.OpenDialogAsync();
        Assert.Equal(AppendOutcome.Appended, (await host.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(AppendOutcome.Duplicate, (await host.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(host));
    }

    private async Task AssertCannotWaitAsync(RedisServer server, string command, string onDisk)
    {
        var logs = new LogLines();
        var host = await ConnectAsync(server.ConnectionString, _soon, onDisk: onDisk, logs: logs);

        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync(host));
        Assert.Contains(logs.Texts, line => line.Contains($"this Redis has no {command} ", StringComparison.Ordinal));
        await Assert.ThrowsAsync<MessagingUnavailableException>(host.OpenDialogAsync);
    }

    private static long CountUnreplicated(MessagingHost host) =>
        Counts.Read(host.Services.GetRequiredService<IMeterFactory>(), "dialog_appends_unreplicated");

    private static string Text(LogEntry entry) =>
        System.Text.Json.JsonDocument.Parse(entry.Payload).RootElement.GetProperty("text").GetString()!;

    // What was just resumed takes a moment to catch up.
    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> send)
    {
        var limit = TestTimeout.Token();
        while (true)
        {
            try
            {
                return await send();
            }
            catch (MessagingUnavailableException)
            {
                await Task.Delay(20, limit);
            }
        }
    }

    private static async Task<HealthStatus> CheckAsync(MessagingHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestTimeout.Token());
        return report.Entries[ReplicasCheck.Name].Status;
    }

    private async Task<MessagingHost> ConnectAsync(
        string connectionString, TimeSpan timeout, bool isSpread = false, string onDisk = "false", LogLines? logs = null) =>
        Keep(await MessagingHost.ConnectAsync($"{connectionString},asyncTimeout=60000", configure: builder =>
        {
            builder.Configuration["Messaging:Replicas"] = "1";
            builder.Configuration["Messaging:ReplicaTimeout"] = timeout.ToString();
            builder.Configuration["Messaging:ReplicasOnDisk"] = onDisk;
            if (logs is not null)
            {
                builder.Logging.AddProvider(logs);
            }
        }, isSpread: isSpread));
}
