using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>Which job comes first, how many there may be, and what becomes of one that fails.</summary>
public sealed class QueueTests : DataTest
{
    [Fact]
    public async Task An_erasure_counts_from_its_start_and_waits_for_no_export()
    {
        var host = await StartAsync(RedisKind.Redis, ArchiveStore.Redis);
        var runner = host.Messaging.Services.GetRequiredService<DataJobRunner>();
        List<DataJob> exports = [];
        for (var i = 0; i < DataJobs.MostOpenExports; i++)
        {
            exports.Add((await StartJobAsync(host, DataJobKind.Export, new Person(host.Messaging).Id)).Job);
        }

        var ann = new Person(host.Messaging);
        await ann.OpenAsync(Shop, DialogMode.Widget, 2);
        var erasure = (await StartJobAsync(host, DataJobKind.Erasure, ann.Id)).Job;

        // No worker has come yet.
        await Assert.ThrowsAsync<VisitorErasedException>(() => host.Messaging.Dialogs.OpenAsync(Blog, DialogMode.Widget, ann.Id, TestTimeout.Token()));

        // There are as many exports as there may be, and the one that is there already is no other one.
        var tooMany = await JobsOf(host).StartAsync("acme", DataJobKind.Export, ann.Id, Owner, TestTimeout.Token());
        Assert.Equal(AccountOutcome.LimitReached, tooMany.Outcome);
        Assert.False((await StartJobAsync(host, DataJobKind.Export, exports[0].VisitorId)).IsNew);

        Assert.True(await runner.RunNextAsync(erasuresAlone: false, TestTimeout.Token()));
        Assert.NotNull((await FindAsync(host, erasure)).StartedAt);
        Assert.All(await Task.WhenAll(exports.Select(export => FindAsync(host, export))), export => Assert.Equal(DataJobState.Waiting, export.State));

        // Until it looks for the second time there is nothing to do for a worker of erasures, and enough for the others.
        Assert.False(await runner.RunNextAsync(erasuresAlone: true, TestTimeout.Token()));
        Assert.True(await runner.RunNextAsync(erasuresAlone: false, TestTimeout.Token()));
        Assert.Single(await Task.WhenAll(exports.Select(export => FindAsync(host, export))), export => export.State == DataJobState.Done);
        Assert.True((await StartJobAsync(host, DataJobKind.Export, new Person(host.Messaging).Id)).IsNew);
    }

    [Fact]
    public async Task An_erasure_that_fails_is_tried_until_it_does_not_and_an_export_five_times()
    {
        var host = await StartAsync(RedisKind.Redis, ArchiveStore.Redis);
        var runner = host.Messaging.Services.GetRequiredService<DataJobRunner>();
        var ann = new Person(host.Messaging);
        await ann.OpenAsync(Shop, DialogMode.Widget, 2);

        // Of a kind that it is not: whoever reads it gets an error, and none that passes by itself.
        var (start, dialogs) = (RedisKeys.GuestStart("acme", ann.Id), RedisKeys.GuestDialogs("acme", ann.Id));
        var database = host.Messaging.Database;
        await database.KeyDeleteAsync([start, dialogs]);
        await database.ListRightPushAsync(start, "x");
        await database.ListRightPushAsync(dialogs, "x");
        var erasure = (await StartJobAsync(host, DataJobKind.Erasure, ann.Id)).Job;
        for (var attempt = 1; attempt <= 12; attempt++)
        {
            Assert.True(await runner.RunNextAsync(erasuresAlone: true, TestTimeout.Token()));
            var now = await FindAsync(host, erasure);
            Assert.Equal((DataJobState.Running, ann.Id), (now.State, now.VisitorId));
            Time.Advance(TimeSpan.FromMinutes(10));
        }

        var meters = host.Messaging.Services.GetRequiredService<IMeterFactory>();
        Assert.Equal(12, Counts.Read(meters, "data_job_faults", ("kind", "erasure")));

        var export = await DoAsync(host, DataJobKind.Export, ann.Id);
        Assert.Equal((DataJobState.Failed, DataJobFailure.Error), (export.State, export.Failure));

        Assert.Equal(5, Counts.Read(meters, "data_job_faults", ("kind", "export")));

        await database.KeyDeleteAsync([start, dialogs]);
        Assert.Equal((DataJobState.Done, null), await RunAsync(host, erasure) is var done ? (done.State, done.VisitorId) : default);
        Assert.Empty((await ScanAsync(host, ArchiveStore.Redis)).Find(ann.Id));
    }

    private static async Task<DataJob> FindAsync(ArchiveHost host, DataJob job) =>
        (await JobsOf(host).FindAsync(job.Account, job.Id, TestTimeout.Token()))!;
}
