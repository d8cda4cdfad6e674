using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Dialogs;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Data;

/// <summary>A process that is killed amid an erasure, and the one that goes on.</summary>
public sealed class KilledWorkerTests
{
    private const int Dialogs = 300;

    [Fact]
    public async Task Another_process_goes_on_where_one_was_killed()
    {
        // Only the worker is killed, so that Redis need not wait for the disk.
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis, "--appendfsync", "no");
        await using var api = await TestApi.StartAsync(redis.ConnectionString);
        var account = await api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var dialogs = api.Services.GetRequiredService<DialogDirectory>();
        for (var i = 0; i < Dialogs; i++)
        {
            var dialog = (await dialogs.OpenAsync(account.Site, DialogMode.Widget, $"guest{i}", TestTimeout.Token())).Dialog;
            await api.Log.AppendMessageAsync(
                dialog.Key, dialog.Owner, new NewMessage(IdempotencyKey.Unique(Principals.Guest(dialog.GuestId)), Sender.User, "wombat"), TestTimeout.Token());
        }

        // The process of the test itself takes no job.
        await using var worker = new ServiceProcess("api", Path.Combine(AppContext.BaseDirectory, "ReplyX.Api.dll"), new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Tokens__SigningKey"] = "a-signing-key-that-is-only-for-tests-0123456789",
            ["Metrics__Token"] = "a token that only tests have, to read metrics",
            ["Realtime__PublicUrl"] = "http://localhost:5090",
            ["Data__PollInterval"] = "00:00:00.050",
            ["Data__SettleTime"] = "00:00:00",
            ["Data__Lease"] = "00:00:01",
        });
        await worker.StartAsync();
        var started = (await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "account", confirm = account.Id }, owner)).Is(HttpStatusCode.Accepted);
        var secret = started.Json.GetProperty("secret").GetString();
        var amid = await UntilAsync(job => Done(job) > 0);
        await worker.KillAsync();
        var left = await LookAsync();
        Assert.Equal("running", left.GetProperty("state").GetString());
        Assert.InRange(Done(left), Done(amid), Dialogs - 1);

        await worker.StartAsync();
        var goesOn = await UntilAsync(job => Done(job) > Done(left));
        Assert.InRange(Done(goesOn), Done(left) + 1, Dialogs);
        var done = await UntilAsync(job => job.GetProperty("state").GetString() == "done");
        Assert.Equal((Dialogs, Dialogs), (Done(done), done.GetProperty("progress").GetProperty("total").GetInt32()));
        List<string> keys = [];
        await foreach (var key in api.Services.GetRequiredService<IConnectionMultiplexer>().GetServers()[0].KeysAsync(pattern: $"*{account.Id}*"))
        {
            keys.Add((string)key!);
        }

        Assert.Equal([$"{{{account.Id}}}:data:job:{done.GetProperty("id").GetString()}", $"{{{account.Id}}}:erased"], keys.Order(StringComparer.Ordinal));

        async Task<JsonElement> LookAsync() => (await api.PostAsync("/api/data-jobs/look", new { secret })).Is(HttpStatusCode.OK).Json;

        async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isSo)
        {
            while (true)
            {
                var job = await LookAsync();
                if (isSo(job))
                {
                    return job;
                }
            }
        }
    }

    private static int Done(JsonElement job) => job.GetProperty("progress").GetProperty("done").GetInt32();
}
