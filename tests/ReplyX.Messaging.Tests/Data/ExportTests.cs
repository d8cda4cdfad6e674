using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>An export is one JSON document with all that there is of a visitor or an account, wherever it lies, and no secret.</summary>
public sealed class ExportTests : DataTest
{
    private bool _isSpread;

    private protected override bool IsSpread => _isSpread;

    [Theory, MemberData(nameof(ArchivesOfBoth))]
    public async Task Everything_is_in_it_wherever_it_lies(RedisKind kind, ArchiveStore store, bool isSpread)
    {
        _isSpread = isSpread;
        var host = await StartAsync(kind, store);
        var messaging = host.Messaging;
        var (ann, ben) = (new Person(messaging), new Person(messaging));
        var inPart = await ann.OpenAsync(Shop, DialogMode.Widget, 40);
        var atRest = await ann.OpenAsync(Blog, DialogMode.Widget, 12);
        var unlisted = await ann.OpenAsync(Blog, DialogMode.Site, 0);
        var bens = await ben.OpenAsync(Shop, DialogMode.Widget, 2);
        await host.ArchiveAsync(inPart);
        Assert.True(await host.Archiver.RestAsync(atRest, Time.GetUtcNow(), TestTimeout.Token()));

        var of = await DoAsync(host, DataJobKind.Export, ann.Id);
        Assert.Equal((DataJobState.Done, 3, 3, ann.Id), (of.State, of.Done, of.Total, of.VisitorId));
        var text = await ReadAsync(host, of);
        Assert.Equal(text.Length, of.Bytes);
        var document = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("replyx-export", 1, ann.Id), (document.GetProperty("format").GetString(), document.GetProperty("version").GetInt32(), document.GetProperty("visitor_id").GetString()));
        var dialogs = document.GetProperty("dialogs").EnumerateArray().ToDictionary(dialog => dialog.GetProperty("id").GetInt64());
        Assert.Equal([.. new[] { inPart, atRest, unlisted }.Select(dialog => dialog.DialogId).Order()], dialogs.Keys.Order());
        foreach (var dialog in (StreamKey[])[inPart, atRest, unlisted])
        {
            var exported = dialogs[dialog.DialogId];
            Assert.Equal(
                [.. (await messaging.ReadAllAsync(dialog)).Select(entry => JsonDocument.Parse(entry.Payload).RootElement.GetRawText())],
                exported.GetProperty("events").EnumerateArray().Select(one => one.GetRawText()));
            Assert.True(exported.GetProperty("complete").GetBoolean());
            Assert.Equal(
                (ann.Name, ann.Email, ann.Locale, ann.Agent),
                (exported.GetProperty("visitor").GetProperty("name").GetString(), exported.GetProperty("visitor").GetProperty("email").GetString(), exported.GetProperty("visitor").GetProperty("locale").GetString(), exported.GetProperty("user_agent").GetString()));
            Assert.Equal((ann.Url, ann.Title, ann.Referrer), (exported.GetProperty("started_page").GetProperty("url").GetString(), exported.GetProperty("page").GetProperty("title").GetString(), exported.GetProperty("page").GetProperty("referrer").GetString()));
        }

        Assert.DoesNotContain(ben.Id, text, StringComparison.Ordinal);

        // Of an account its people and settings too, and no secret.
        await messaging.Accounts.SetQuickRepliesAsync("acme", [new QuickReply("hi", "Hello!")], Owner, TestTimeout.Token());
        var invitations = messaging.Services.GetRequiredService<InvitationBook>();
        var invited = (await invitations.CreateAsync("acme", "kim@acme.example", "Kim", OperatorRole.Operator, Owner, TestTimeout.Token())).Value!;
        var ofAll = await DoAsync(host, DataJobKind.Export, null);
        text = await ReadAsync(host, ofAll);
        document = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            ["format", "version", "created_at", "account", "sites", "operators", "invitations", "quick_replies", "audit", "dialogs"],
            document.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Acme", document.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal(["blog", "shop"], document.GetProperty("sites").EnumerateArray().Select(site => site.GetProperty("id").GetString()));
        Assert.True(document.GetProperty("sites")[0].GetProperty("assistant").GetProperty("has_key").GetBoolean());
        Assert.Equal("olga@acme.example", Assert.Single(document.GetProperty("operators").EnumerateArray().ToArray()).GetProperty("login").GetString());
        Assert.Equal("kim@acme.example", Assert.Single(document.GetProperty("invitations").EnumerateArray().ToArray()).GetProperty("login").GetString());
        Assert.Equal("Hello!", document.GetProperty("quick_replies")[0].GetProperty("text").GetString());
        Assert.Equal(
            ["data.export", "invitation.create", "quick_replies.change", "data.export"],
            document.GetProperty("audit").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal(
            [.. new[] { inPart, atRest, bens }.Select(dialog => (dialog.DialogId, dialog == bens ? ben.Id : ann.Id)).Order()],
            document.GetProperty("dialogs").EnumerateArray().Select(dialog => (dialog.GetProperty("id").GetInt64(), dialog.GetProperty("visitor_id").GetString()!)).Order());
        var hash = (await messaging.Accounts.FindOperatorAsync("acme", "olga", TestTimeout.Token()))!.PasswordHash;
        Assert.All(
            (string[])[hash, "secretkey", invited.Secret, invited.Invitation.SecretHash, "password"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_same_job_is_started_once_and_its_result_runs_out(RedisKind kind)
    {
        var host = await StartAsync(kind, ArchiveStore.Redis);
        var ann = new Person(host.Messaging);
        await ann.OpenAsync(Shop, DialogMode.Widget, 1);
        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartJobAsync(host, DataJobKind.Export, ann.Id)));
        var job = Assert.Single(starts, start => start.IsNew).Job;
        Assert.All(starts, start => Assert.Equal(job.Id, start.Job.Id));
        Assert.True((await StartJobAsync(host, DataJobKind.Export, null)).IsNew);
        var done = await RunAsync(host, job);
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromDays(3), done.ExpiresAt);
        Assert.InRange((await host.Messaging.Database.KeyTimeToLiveAsync($"{{acme}}:data:job:{job.Id}:part:0"))!.Value, TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));

        // Another one is another job.
        var next = await StartJobAsync(host, DataJobKind.Export, ann.Id);
        Assert.True(next.IsNew);
        Assert.Equal([next.Job.Id, job.Id], (await JobsOf(host).ListAsync("acme", TestTimeout.Token())).Where(one => one.VisitorId is not null).Select(one => one.Id).OrderByDescending(id => id == next.Job.Id));

        // Only owners start one.
        await host.Messaging.Accounts.SaveOperatorAsync(new Operator("acme", "kim", "kim@acme.example", "Kim", PasswordHash: ""), "a password", TestTimeout.Token());
        Assert.Equal(AccountOutcome.ActorNotOwner, (await JobsOf(host).StartAsync("acme", DataJobKind.Export, null, new Actor("kim", "Kim"), TestTimeout.Token())).Outcome);
    }

    [Fact]
    public async Task One_that_would_be_too_large_fails_and_leaves_nothing()
    {
        await StartServerAsync(RedisKind.Redis);
        var host = Keep(await ConnectAsync(maxBytes: 1_024));
        await SetUpAsync(host);
        var ann = new Person(host.Messaging);
        for (var i = 0; i < 4; i++)
        {
            await ann.OpenAsync(i % 2 == 0 ? Shop : Blog, i < 2 ? DialogMode.Widget : DialogMode.Site, 40);
        }

        var job = await DoAsync(host, DataJobKind.Export, ann.Id);
        Assert.Equal((DataJobState.Failed, DataJobFailure.TooLarge, null), (job.State, job.Failure, job.ExpiresAt));
        Assert.DoesNotContain((await ScanAsync(host, ArchiveStore.Redis)).Keys, key => key.Contains(":part:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wherever_a_worker_ends_another_writes_the_very_next_byte()
    {
        await StartServerAsync(RedisKind.Redis, "--appendfsync", "no");
        var host = Keep(await ConnectAsync());
        await SetUpAsync(host);
        var ann = new Person(host.Messaging);
        await ann.OpenAsync(Shop, DialogMode.Widget, 12);
        var atRest = await ann.OpenAsync(Blog, DialogMode.Widget, 9);
        Assert.True(await host.Archiver.RestAsync(atRest, Time.GetUtcNow(), TestTimeout.Token()));
        await ann.OpenAsync(Blog, DialogMode.Site, 1);
        var whole = await ReadSameAsync(await DoAsync(host, DataJobKind.Export, null));
        var points = await CutConnection.EachAsync(async point =>
        {
            var job = (await StartJobAsync(host, DataJobKind.Export, null)).Job;
            await using (var mortal = await ConnectAsync(point))
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

            await host.Messaging.Database.HashSetAsync($"{{acme}}:data:job:{job.Id}", "lease_until", 0, When.Always);
            var done = await RunAsync(host, job);
            Assert.Equal((DataJobState.Done, 3, 3), (done.State, done.Done, done.Total));
            Assert.Equal(whole, await ReadSameAsync(done));
        });
        Assert.InRange(points, 30, 400);

        // All but what tells of the export itself.
        async Task<string> ReadSameAsync(DataJob job) => string.Join(
            '\n', (await ReadJsonAsync(host, job)).EnumerateObject().Where(member => member.Name is not ("created_at" or "audit")));
    }

    [Fact]
    public async Task A_damaged_archive_costs_one_dialog_its_rest()
    {
        var host = await StartAsync(RedisKind.Redis, ArchiveStore.Redis);
        var ann = new Person(host.Messaging);
        var damaged = await ann.OpenAsync(Shop, DialogMode.Widget, 20);
        var other = await ann.OpenAsync(Blog, DialogMode.Widget, 3);
        Assert.True(await host.Archiver.RestAsync(damaged, Time.GetUtcNow(), TestTimeout.Token()));
        await host.DeleteSegmentAsync(damaged, 16);
        await host.Messaging.Database.SortedSetRemoveAsync($"{ArchiveHost.DialogName(damaged)}:archive:index", 16);
        var document = await ReadJsonAsync(host, await DoAsync(host, DataJobKind.Export, ann.Id));
        var whole = document.GetProperty("dialogs").EnumerateArray().ToDictionary(dialog => dialog.GetProperty("id").GetInt64(), dialog => dialog.GetProperty("complete").GetBoolean());
        Assert.Equal((false, true), (whole[damaged.DialogId], whole[other.DialogId]));
    }

    // Parts of one kilobyte, so that there are some.
    private Task<ArchiveHost> ConnectAsync(CutConnection.CutPoint? cut = null, long? maxBytes = null) => ArchiveHost.ConnectAsync(
        Server.ConnectionString,
        files: null,
        Time,
        archive: null,
        cut,
        IsSpread,
        [("Data:PartBytes", "1024"), .. maxBytes is { } most ? ((string, string)[])[("Data:MaxResultBytes", $"{most}")] : []]);
}
