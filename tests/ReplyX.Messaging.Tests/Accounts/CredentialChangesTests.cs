using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Accounts;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Accounts;

/// <summary>What nodes are told of credentials that were taken back, on both servers.</summary>
public sealed class CredentialChangesTests : MessagingTest
{
    private const string ChangesKey = "replyx:{credentials}:changes";
    private const string BegunKey = "replyx:{credentials}:begun";
    private const string NotesKey = "{acme}:credentials";

    [Theory, MemberData(nameof(Servers))]
    public async Task A_change_is_told_with_its_account_and_leaves_nothing_behind(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var changes = Changes(messaging);
        await AddAsync(messaging, "acme", "anna");
        await AddAsync(messaging, "other", "boris");
        await messaging.Accounts.SaveSiteAsync(MessagingHost.Site, TestTimeout.Token());
        var first = await changes.PollAsync(seen: null, TestTimeout.Token());
        Assert.Null(first.Accounts);
        Assert.Equal(first.Version, (await changes.PollAsync(first.Version, TestTimeout.Token())).Version);
        var heard = new TaskCompletionSource();
        await changes.SubscribeAsync(() => heard.TrySetResult(), TestTimeout.Token());

        Assert.Equal(AccountOutcome.Done, await messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token()));
        await heard.Task.Within("the publish");
        var removed = await changes.PollAsync(first.Version, TestTimeout.Token());
        Assert.Equal(["acme"], removed.Accounts);

        // What a node of the version before compares, that it may serve on through a deploy.
        Assert.Equal(1, await messaging.Database.StringGetAsync("replyx:credentials"));

        await messaging.Accounts.RotateSiteTokenAsync("acme", "shop", Actor.Platform, TestTimeout.Token());
        await messaging.Accounts.RotateSiteTokenAsync("acme", "shop", Actor.Platform, TestTimeout.Token());
        await messaging.Accounts.RemoveOperatorAsync("other", "boris", Actor.Platform, TestTimeout.Token());
        Assert.Equal(["acme", "other"], (await changes.PollAsync(removed.Version, TestTimeout.Token())).Accounts!.Order());
        Assert.Equal(["acme", "other"], (await changes.PollAsync(first.Version, TestTimeout.Token())).Accounts!.Order());

        Assert.False(await messaging.Database.KeyExistsAsync(BegunKey));
        Assert.False(await messaging.Database.KeyExistsAsync(NotesKey));
    }

    [Theory, MemberData(nameof(SingleServers))]
    public async Task Who_is_not_there_is_not_announced(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await AddAsync(messaging, "acme", "anna");
        var version = (await Changes(messaging).PollAsync(seen: null, TestTimeout.Token())).Version;
        using var listener = await ConnectionMultiplexer.ConnectAsync(Server.ConnectionString);
        List<string> published = [];
        var last = new TaskCompletionSource();
        await listener.GetSubscriber().SubscribeAsync(RedisChannel.Pattern("*"), (channel, _) =>
        {
            published.Add((string)channel!);
            if (channel == "the end")
            {
                last.SetResult();
            }
        });

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(AccountOutcome.NotFound, await messaging.Accounts.RemoveOperatorAsync("acme", $"nobody{i}", Actor.Platform, TestTimeout.Token()));
            Assert.Equal(
                AccountOutcome.NotFound,
                (await messaging.Accounts.RotateSiteTokenAsync("acme", $"nowhere{i}", Actor.Platform, TestTimeout.Token())).Outcome);
        }

        await messaging.Database.PublishAsync(RedisChannel.Literal("the end"), "");
        await last.Task.Within("the last publish");
        Assert.Equal(["the end"], published);
        Assert.Equal(version, (await Changes(messaging).PollAsync(version, TestTimeout.Token())).Version);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task One_of_many_at_once_removes_an_operator_and_tells_of_it(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await AddAsync(messaging, "acme", "anna");

        var removals = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token())));

        Assert.Single(removals, AccountOutcome.Done);
        Assert.Equal(["acme"], (await Changes(messaging).PollAsync(0, TestTimeout.Token())).Accounts);
        Assert.False(await messaging.Database.KeyExistsAsync(BegunKey));
        Assert.False(await messaging.Database.KeyExistsAsync(NotesKey));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_operators_who_remove_each_other_at_once_one_stays(RedisKind kind)
    {
        var first = await StartAsync(kind);
        await using var second = await MessagingHost.ConnectAsync(ConnectionString);
        for (var round = 0; round < 20; round++)
        {
            await AddAsync(first, "acme", "anna", OperatorRole.Owner);
            await AddAsync(first, "acme", "boris", OperatorRole.Owner);

            var removals = await Task.WhenAll(
                first.Accounts.RemoveOperatorAsync("acme", "boris", new Actor("anna", "Anna"), TestTimeout.Token()),
                second.Accounts.RemoveOperatorAsync("acme", "anna", new Actor("boris", "Boris"), TestTimeout.Token()));

            Assert.Single(removals, AccountOutcome.Done);
            Assert.Single(await first.Accounts.ListOperatorsAsync("acme", TestTimeout.Token()));
        }

        Assert.False(await first.Database.KeyExistsAsync(BegunKey));
        Assert.False(await first.Database.KeyExistsAsync(NotesKey));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_was_cut_off_before_it_was_told_is_told_by_its_retry(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await CutOffAsync(messaging);

        Assert.Equal(AccountOutcome.NotFound, await messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token()));
        var told = await Changes(messaging).PollAsync(0, TestTimeout.Token());
        Assert.Equal(["acme"], told.Accounts);

        Assert.Equal(AccountOutcome.NotFound, await messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token()));
        Assert.Equal(told.Version, (await Changes(messaging).PollAsync(0, TestTimeout.Token())).Version);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_was_cut_off_before_it_was_told_is_told_by_the_next_who_polls(RedisKind kind)
    {
        await StartServerAsync(kind);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var messaging = await MessagingHost.ConnectAsync(ConnectionString, time);
        await CutOffAsync(messaging);
        var changes = Changes(messaging);

        // Not at once, since what is under way looks the same.
        Assert.Empty((await changes.PollAsync(0, TestTimeout.Token())).Accounts!);
        Assert.Empty((await changes.PollAsync(0, TestTimeout.Token())).Accounts!);

        time.Advance(TimeSpan.FromSeconds(2));
        await changes.PollAsync(0, TestTimeout.Token());
        Assert.Equal(["acme"], (await changes.PollAsync(0, TestTimeout.Token())).Accounts);
        Assert.False(await messaging.Database.KeyExistsAsync(BegunKey));
        Assert.False(await messaging.Database.KeyExistsAsync(NotesKey));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_was_begun_and_never_made_is_told_to_nobody_and_forgotten(RedisKind kind)
    {
        await StartServerAsync(kind);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var messaging = await MessagingHost.ConnectAsync(ConnectionString, time);
        var changes = Changes(messaging);
        await changes.BeginAsync("acme", TestTimeout.Token());

        time.Advance(TimeSpan.FromMinutes(4));
        await changes.PollAsync(0, TestTimeout.Token());
        Assert.True(await messaging.Database.KeyExistsAsync(BegunKey));
        time.Advance(TimeSpan.FromMinutes(2));
        await changes.PollAsync(0, TestTimeout.Token());

        Assert.False(await messaging.Database.KeyExistsAsync(BegunKey));
        Assert.Equal(0, (await changes.PollAsync(0, TestTimeout.Token())).Version);
    }

    [Theory, MemberData(nameof(SingleServers))]
    public async Task Who_fell_behind_the_accounts_that_are_kept_or_a_log_that_was_lost_checks_everything(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var changes = Changes(messaging);
        var told = 0;
        async Task TellAsync(int accounts)
        {
            for (var i = 0; i < accounts; i++)
            {
                await changes.AnnounceAsync(await changes.BeginAsync($"a{told++}", TestTimeout.Token()), TestTimeout.Token());
            }
        }

        await TellAsync(CredentialChanges.MostAccounts + 10);

        Assert.Equal(CredentialChanges.MostAccounts, await messaging.Database.SortedSetLengthAsync(ChangesKey));
        Assert.Equal(told, (await changes.PollAsync(0, TestTimeout.Token())).Version);
        Assert.Null((await changes.PollAsync(9, TestTimeout.Token())).Accounts);
        Assert.Equal(CredentialChanges.MostAccounts, (await changes.PollAsync(10, TestTimeout.Token())).Accounts!.Count);
        await TellAsync(1);
        Assert.Equal([$"a{told - 1}"], (await changes.PollAsync(told - 1, TestTimeout.Token())).Accounts);

        await messaging.Database.KeyDeleteAsync(ChangesKey);
        var lost = await changes.PollAsync(told, TestTimeout.Token());
        Assert.Equal((0L, true), (lost.Version, lost.Accounts is null));
    }

    [Fact]
    public async Task Polling_costs_the_same_however_many_accounts_changed()
    {
        var messaging = await StartAsync(RedisKind.Redis);
        var changes = Changes(messaging);
        var version = (await changes.PollAsync(seen: null, TestTimeout.Token())).Version;
        var before = await CountPollAsync();
        for (var i = 0; i < 300; i++)
        {
            await changes.AnnounceAsync(await changes.BeginAsync($"a{i}", TestTimeout.Token()), TestTimeout.Token());
        }

        version = (await changes.PollAsync(version, TestTimeout.Token())).Version;

        Assert.Equal(before, await CountPollAsync());

        async Task<int> CountPollAsync()
        {
            await using var monitor = await RedisMonitor.StartAsync(Server);
            await changes.PollAsync(version, TestTimeout.Token());
            return (await monitor.StopAsync()).Count;
        }
    }

    private static CredentialChanges Changes(MessagingHost messaging) => messaging.Services.GetRequiredService<CredentialChanges>();

    private static Task AddAsync(
        MessagingHost messaging, string account, string id, OperatorRole role = OperatorRole.Operator) =>
        messaging.Accounts.SaveOperatorAsync(
            new Operator(account, id, $"{id}@{account}", id, PasswordHash: "", role), "a password", TestTimeout.Token());

    /// <summary>Removes an operator, and fails between the removal and telling of it.</summary>
    private static async Task CutOffAsync(MessagingHost messaging)
    {
        await AddAsync(messaging, "acme", "anna");
        await messaging.Database.StringSetAsync(ChangesKey, "of another type");
        await Assert.ThrowsAnyAsync<Exception>(() => messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token()));
        await messaging.Database.KeyDeleteAsync(ChangesKey);
        Assert.Null(await messaging.Accounts.FindOperatorAsync("acme", "anna", TestTimeout.Token()));
    }
}
