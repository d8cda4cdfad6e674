using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>One answer a message, whichever instances there are and whatever becomes of them.</summary>
public sealed class ExactlyOnceTests
{
    [Fact]
    public async Task Several_instances_answer_every_message_once_and_in_order()
    {
        const int Dialogs = 20;
        await using var servers = await AssistantServers.StartAsync();
        await using var second = await servers.StartApiAsync();
        await using var third = await servers.StartApiAsync();
        await using var endpoint = await FakeEndpoint.SayingAsync(question => $"You said {question}");
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));

        await Task.WhenAll(Enumerable.Range(0, Dialogs).Select(async _ =>
        {
            var dialog = await account.OpenWidgetAsync();
            await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
            await dialog.SendAsync("one", "1");
            await dialog.SendAsync("two", "2");
            await heard.AnswerAsync();
            await dialog.SendAsync("three", "3");
            await heard.AnswerAsync();
            await heard.AnswerAsync();
            var answers = (await dialog.ReadAsync()).Items.Where(item => IsAnswer(item)).ToList();
            Assert.Equal(["You said one", "You said two", "You said three"], answers.Select(item => item.GetProperty("text").GetString()));
        }));

        Assert.Equal(3 * Dialogs, endpoint.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_instance_takes_over_when_one_is_killed_amid_its_answer(bool twoWait)
    {
        await using var servers = await AssistantServers.StartAsync(("Assistant:MaxAnswers", "1"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.PieceAsync("You ");
            await call.WaitAsync();
            await call.SayAsync($"said {call.Question}");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));

        // The only place of the instance in this process is taken, so that the message goes to the other one.
        var blocking = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await blocking.SendAsync("blocking", "1");
        var blocked = await endpoint.NextCallAsync();

        await using var killed = new ServiceProcess("api", Path.Combine(AppContext.BaseDirectory, "ReplyX.Api.dll"), new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__redis"] = servers.Redis.ConnectionString,
            ["Tokens__SigningKey"] = "a-signing-key-that-is-only-for-tests-0123456789",
            ["Demo__OperatorPassword"] = TestApi.DemoPassword,
            ["Realtime__PublicUrl"] = "http://localhost:5090",
            ["Assistant__AllowPrivateEndpoints"] = "true",
            ["Assistant__Lease"] = "00:00:02",
            ["Assistant__WatchInterval"] = "00:00:00.2",
        });
        await killed.StartAsync();
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("one", "1");
        var first = await endpoint.NextCallAsync();
        if (twoWait)
        {
            await dialog.SendAsync("two", "2");
        }

        await heard.UntilAsync("message_delta");
        await killed.KillAsync();
        blocked.Go();
        await first.IsGivenUpAsync();

        // The answer begins anew.
        var again = await endpoint.NextCallAsync();
        var delta = await heard.UntilAsync("message_delta");
        again.Go();
        Assert.Equal((0, 2L), (delta.GetProperty("offset").GetInt32(), delta.GetProperty("reply_to").GetInt64()));
        List<JsonElement> answers = [await heard.AnswerAsync()];
        if (twoWait)
        {
            (await endpoint.NextCallAsync()).Go();
            answers.Add(await heard.AnswerAsync());
        }

        Assert.Equal(twoWait ? ["You said one", "You said two"] : ["You said one"], answers.Select(answer => answer.GetProperty("text").GetString()));
        Assert.Equal(answers.Count, (await dialog.ReadAsync()).Items.Count(item => IsAnswer(item)));
    }

    [Fact]
    public async Task An_instance_that_was_away_for_too_long_says_nothing_more()
    {
        await using var servers = await AssistantServers.StartAsync();
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync($"Answer of call {call.GetHashCode()}");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("one", "1");
        var first = await endpoint.NextCallAsync();
        await heard.UntilAsync("typing_start");

        // What another instance does when the lease has run out.
        var site = new AssistantSite(account.Id, account.Site.Id);
        var lost = await StealAsync(servers, site);

        // It notices, lets its call go, and the dialog is the thief's.
        await first.IsGivenUpAsync();
        await Work(servers.Api).ReleaseAsync(lost, TimeSpan.Zero, counts: false, TestTimeout.Token());

        // The instance may have claimed the dialog anew before the thief did: then a call is between that nobody waits for any more.
        var answer = heard.AnswerAsync();
        while (endpoint.NextCallAsync() is var next && await Task.WhenAny(next, answer) == next)
        {
            (await next).Go();
        }

        await answer;
        Assert.Single((await dialog.ReadAsync()).Items, item => IsAnswer(item));
    }

    [Fact]
    public async Task An_instance_that_stops_gives_its_dialog_back()
    {
        await using var servers = await AssistantServers.StartAsync(("Assistant:Lease", "00:10:00"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.PieceAsync("Hm. ");
            await call.WaitAsync();
            await call.SayAsync("Three.");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("How many?", "1");
        await endpoint.NextCallAsync();
        await heard.UntilAsync("message_delta");

        await servers.StopApiAsync();
        await using var next = await servers.StartApiAsync();
        (await endpoint.NextCallAsync()).Go();

        Assert.Equal("Hm. Three.", (await heard.AnswerAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_message_that_ends_whoever_answers_it_goes_to_a_human()
    {
        await using var servers = await AssistantServers.StartAsync(("Assistant:MaxAttempts", "2"), ("Assistant:SweepInterval", "00:10:00"));
        await using var endpoint = await FakeEndpoint.SayingAsync(question => $"You said {question}");
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        await servers.StopApiAsync();
        await using var writing = await servers.StartApiAsync(("Assistant:SweepInterval", "00:10:00"), ("Assistant:MaxAttempts", "2"));

        // What two instances that took it and ended without a word have left.
        var dialog = await new TestAccount(writing, account.Site).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await using (var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString))
        {
            var (work, jobs) = ($"{{{account.Id}}}:assistant:shop:work", $"{{{account.Id}}}:assistant:shop:jobs");
            await redis.GetDatabase().HashSetAsync(jobs, dialog.Id, "2 2 -");
            await redis.GetDatabase().SortedSetAddAsync(work, dialog.Id, 0);
        }

        await dialog.SendAsync("The first", "1");
        var first = await heard.AnswerAsync();
        await dialog.SendAsync("The next", "2");
        var next = await heard.AnswerAsync();

        Assert.Contains("Sorry", first.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("You said The next", next.GetProperty("text").GetString());
        Assert.Equal(1, endpoint.Count);
    }

    [Fact]
    public async Task A_busy_account_does_not_keep_another_waiting()
    {
        await using var servers = await AssistantServers.StartAsync(("Assistant:MaxAnswers", "4"), ("Assistant:MaxAnswersPerAccount", "2"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync("At last.");
        });
        var busy = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var dialogs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => busy.OpenWidgetAsync()));
        foreach (var dialog in dialogs)
        {
            await dialog.SendAsync("One of many", "1");
        }

        List<FakeCall> calls = [await endpoint.NextCallAsync(), await endpoint.NextCallAsync()];
        var other = await (await servers.Api.NewAccountAsync(Assistants.Scripted)).OpenWidgetAsync();
        await using (var heard = await HeardDialog.ListenAsync(servers.Redis, other))
        {
            await other.SendAsync("Can I return something?", "1");
            await heard.AnswerAsync();
        }

        Assert.Equal(2, endpoint.Count);
        foreach (var dialog in dialogs)
        {
            calls.ForEach(call => call.Go());
            calls = calls.Count > 0 && endpoint.Count < dialogs.Length ? [await endpoint.NextCallAsync()] : [];
        }
    }

    [Fact]
    public async Task A_visitor_who_keeps_writing_does_not_keep_another_waiting()
    {
        await using var servers = await AssistantServers.StartAsync(("Assistant:MaxAnswers", "1"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync($"You said {call.Question}");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var (busy, other) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());
        await busy.SendAsync("one", "1");
        List<FakeCall> calls = [await endpoint.NextCallAsync()];
        await busy.SendAsync("two", "2");
        await busy.SendAsync("three", "3");
        await other.SendAsync("other", "1");

        // One turn may have begun to count before the other one's wait.
        while (calls.Count < 3)
        {
            calls[^1].Go();
            calls.Add(await endpoint.NextCallAsync());
        }

        calls[^1].Go();
        Assert.Equal(["one", "other", "two"], calls.Select(call => call.Question).Order());
        (await endpoint.NextCallAsync()).Go();
    }

    private static bool IsAnswer(JsonElement item) => item.TryGetProperty("reply_to", out JsonElement _);

    private static AssistantWork Work(TestApi api) => api.Services.GetRequiredService<AssistantWork>();

    private static async Task<AssistantLease> StealAsync(AssistantServers servers, AssistantSite site)
    {
        await using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString);
        var key = $"{{{site.Account}}}:assistant:{site.SiteId}:work";
        while (true)
        {
            foreach (var dialog in await redis.GetDatabase().SortedSetRangeByRankAsync(key))
            {
                await redis.GetDatabase().SortedSetAddAsync(key, dialog, 0);
            }

            if (await Work(servers.Api).ClaimAsync(site, TimeSpan.FromMinutes(1), TestTimeout.Token()) is { } lease)
            {
                return lease;
            }
        }
    }
}
