using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>Of an account that is erased nothing is left but the job, which names nobody; another account is whole.</summary>
public sealed class AccountErasureTests : DataTest
{
    private bool _isSpread;

    private protected override bool IsSpread => _isSpread;

    // In whatever people of the account can fill.
    private const string Mark = "wombat";

    // Those that tell of no account's people: the job itself, that nothing may come back, and what all accounts share.
    private static readonly string[] _shared =
        ["replyx:credentials", "replyx:{credentials}:changes", "replyx:logins", "replyx:assistants", "replyx:archive:volume", "replyx:archive:accounts"];

    [Theory, MemberData(nameof(ArchivesOfBoth))]
    public async Task Nothing_is_left_but_the_job(RedisKind kind, ArchiveStore store, bool isSpread)
    {
        _isSpread = isSpread;
        var host = await StartAsync(kind, store);
        var messaging = host.Messaging;
        await FillAsync(host);
        var ann = new Person(messaging);
        var inPart = await ann.OpenAsync(Shop, DialogMode.Widget, 40);
        var atRest = await ann.OpenAsync(Blog, DialogMode.Widget, 12);
        await ann.OpenAsync(Blog, DialogMode.Site, 0);
        await host.ArchiveAsync(inPart);
        Assert.True(await host.Archiver.RestAsync(atRest, Time.GetUtcNow(), TestTimeout.Token()));
        await messaging.Dialogs.NoteStartedGuestAsync(new GuestStart(Shop, "192.0.2.1", "a start of hers"), ann.Id, TestTimeout.Token());
        Assert.Equal(DataJobState.Done, (await DoAsync(host, DataJobKind.Export, null)).State);

        // Somebody else's account, whose id begins alike.
        var other = MessagingHost.Site with { Account = "acme2", AssistantId = "other-assistant" };
        await messaging.Accounts.SaveSiteAsync(other, TestTimeout.Token());
        var bystander = new Person(messaging);
        var theirs = (await messaging.Dialogs.OpenAsync(other, DialogMode.Widget, bystander.Id, TestTimeout.Token())).Dialog;
        Assert.Equal(AppendOutcome.Appended, (await bystander.SendAsync(theirs.Key, theirs.Owner, 1)).Outcome);

        var before = await ScanAsync(host, store);
        foreach (var place in (string[])["account", "sites", "operators", "invitations", "quick-replies", "audit", "assistants", "operator:olga:sessions", "feed", "data:job:"])
        {
            Assert.Contains(before.Find(place == "feed" ? ann.Text : Mark), found => found.StartsWith($"{{acme}}:{place}", StringComparison.Ordinal));
        }

        Assert.Contains("replyx:logins", before.Find(Mark));
        Assert.Contains("replyx:assistants", before.Find("acme shop"));

        var started = await StartJobAsync(host, DataJobKind.Erasure, null);
        Assert.True(started.IsNew);

        // From then on nobody comes in: no operator, no session, no invitation, no visitor.
        Assert.Null(await messaging.Accounts.FindOperatorByLoginAsync("olga@acme.example", TestTimeout.Token()));
        Assert.Null(await messaging.Accounts.FindSiteOfAssistantAsync(Shop.AssistantId, TestTimeout.Token()));
        Assert.True((await Assert.ThrowsAsync<VisitorErasedException>(
            () => messaging.Dialogs.OpenAsync(Shop, DialogMode.Widget, new Person(messaging).Id, TestTimeout.Token()))).IsAccount);
        Assert.Equal(AccountOutcome.ActorGone, (await JobsOf(host).StartAsync("acme", DataJobKind.Export, null, Owner, TestTimeout.Token())).Outcome);
        Assert.True((await messaging.Services.GetRequiredService<CredentialChanges>().PollAsync(null, TestTimeout.Token())).Contain("acme"));

        var erased = await RunAsync(host, started.Job);
        Assert.Equal((DataJobState.Done, 2, 2, null), (erased.State, erased.Done, erased.Total, erased.By));
        var after = await ScanAsync(host, store);
        Assert.All((string[])[.. ann.Marks, Mark, "olga", "secretkey", "assistant-of", "shop-assistant"], mark => Assert.Empty(after.Find(mark)));
        Assert.Equal(
            [$"{{acme}}:data:job:{erased.Id}", "{acme}:erased"],
            after.Keys.Where(key => key.StartsWith("{acme}", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(after.Keys.Where(key => !key.StartsWith('{')), key => Assert.Contains(key, _shared));
        Assert.Empty(after.Find("acme/").Concat(after.Find("acme shop")).Concat(after.Find("acme blog")));
        Assert.DoesNotContain(after.Find("acme"), place => place.StartsWith(Files, StringComparison.Ordinal));
        Assert.False(await messaging.Database.SetContainsAsync("replyx:archive:accounts", "acme"));

        // Whoever has the secret sees what became of it.
        Assert.Equal(erased, await JobsOf(host).FindAsync(started.Secret, TestTimeout.Token()));
        Assert.Null(await JobsOf(host).FindAsync(started.Secret + "x", TestTimeout.Token()));

        // The other account goes on.
        Assert.Equal(AppendOutcome.Appended, (await bystander.SendAsync(theirs.Key, theirs.Owner, 2)).Outcome);
        Assert.Equal(ArchiveHost.Numbers(1, 3), (await messaging.ReadAllAsync(theirs.Key)).Select(entry => entry.Seq));
        Assert.Equal("acme2", (await messaging.Accounts.FindSiteOfAssistantAsync("other-assistant", TestTimeout.Token()))!.Account);
    }

    [Fact]
    public async Task Wherever_a_worker_ends_another_goes_on()
    {
        const ArchiveStore store = ArchiveStore.Redis;
        var host = await StartAsync(RedisKind.Garnet, store);
        var points = await CutConnection.EachAsync(async point =>
        {
            await SetUpAsync(host);
            await host.Messaging.Database.KeyDeleteAsync("{acme}:erased");
            var ann = new Person(host.Messaging);
            var dialog = await ann.OpenAsync(Shop, DialogMode.Widget, 9);
            Assert.True(await host.Archiver.RestAsync(dialog, Time.GetUtcNow(), TestTimeout.Token()));
            var job = (await StartJobAsync(host, DataJobKind.Erasure, null)).Job;
            await using (var mortal = await ConnectArchiveAsync(store, Time, point))
            {
                point.IsArmed = true;
                try
                {
                    await RunAsync(mortal, job);
                }
                catch (MessagingUnavailableException) when (point.WasReached)
                {
                    // As it is meant.
                }
            }

            var key = $"{{acme}}:data:job:{job.Id}";
            await host.Messaging.Database.HashSetAsync(key, "lease_until", 0, When.Always);
            Assert.Equal(DataJobState.Done, (await RunAsync(host, job)).State);
            var after = await ScanAsync(host, store);
            Assert.All((string[])[.. ann.Marks, "olga"], mark => Assert.Empty(after.Find(mark)));
            Assert.Equal([key, "{acme}:erased"], after.Keys.Where(found => found.StartsWith("{acme}", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            await host.Messaging.Database.KeyDeleteAsync(key);
        });
        Assert.InRange(points, 50, 400);
    }

    private static async Task FillAsync(ArchiveHost host)
    {
        var (messaging, token) = (host.Messaging, TestTimeout.Token());
        var accounts = messaging.Accounts;
        Assert.True((await accounts.ChangeAccountAsync("acme", new AccountChange($"{Mark} account", true, null), Owner, token)).IsDone);
        Assert.True((await accounts.ChangeSiteAsync("acme", "shop", site => site with { Name = $"{Mark} site" }, Owner, token)).IsDone);
        Assert.True((await accounts.SetQuickRepliesAsync("acme", [new QuickReply("hi", Mark)], Owner, token)).IsDone);
        await accounts.SaveOperatorAsync(new Operator("acme", "kim", $"{Mark}@acme.example", Mark, PasswordHash: ""), "a password", token);
        Assert.True((await messaging.Services.GetRequiredService<InvitationBook>().CreateAsync("acme", $"{Mark}2@acme.example", Mark, OperatorRole.Operator, Owner, token)).IsDone);
        var olga = (await accounts.FindOperatorAsync("acme", "olga", token))!;
        Assert.NotNull(await messaging.Services.GetRequiredService<OperatorSessions>().BeginAsync(olga, $"{Mark} browser", token));
        await accounts.NoteSeenAsync(olga, token);
        await messaging.Services.GetRequiredService<AssistantDirectory>().SaveAsync(
            new AssistantSite("acme", Blog.Id), AssistantSettings.None with { Enabled = true, Instructions = Mark, EncryptedKey = "secretkey" }, token);
    }
}
