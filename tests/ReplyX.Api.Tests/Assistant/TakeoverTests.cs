using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>What an assistant says after an operator took the dialog is not heard.</summary>
public sealed class TakeoverTests(AssistantServers servers) : IClassFixture<AssistantServers>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_takeover_ends_a_running_answer(bool hasBegun)
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            if (hasBegun)
            {
                await call.PieceAsync("We have ");
            }

            await call.WaitAsync();
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var anna = await account.OperatorAsync();
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("How many?", "1");
        var call = await endpoint.NextCallAsync();
        await heard.UntilAsync(hasBegun ? "message_delta" : "typing_start");

        await TakeAsync(dialog, anna);

        // The endpoint is let go of, and who watches hears that nothing follows.
        await call.IsGivenUpAsync();
        await heard.UntilAsync("handoff_started");
        var before = heard.Passed.Count;
        await heard.UntilAsync(hasBegun ? "message_delta_end" : "typing_stop");
        Assert.DoesNotContain(heard.Passed.Skip(before), passed => HeardDialog.Type(passed) is "message_delta" or "typing_start");
        await IsSilentAsync(dialog, anna, heard);
        Assert.Equal(1, endpoint.Count);
    }

    [Fact]
    public async Task An_answer_that_streams_on_stops_at_the_takeover()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            while (true)
            {
                await call.PieceAsync("and ");
                await Task.Delay(1, call.GivenUp);
            }
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var anna = await account.OperatorAsync();
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("How many?", "1");
        await heard.UntilAsync("message_delta");

        await TakeAsync(dialog, anna);
        await heard.UntilAsync("handoff_started");
        var before = heard.Passed.Count;
        await heard.UntilAsync("message_delta_end");

        Assert.DoesNotContain(heard.Passed.Skip(before), passed => HeardDialog.Type(passed) == "message_delta");
        await IsSilentAsync(dialog, anna, heard);
    }

    [Fact]
    public async Task An_answer_that_is_ready_only_after_the_takeover_is_not_stored()
    {
        // Neither the watch nor a delta comes between: whose the dialog is, is asked at the answer's end.
        await using var alone = await AssistantServers.StartAsync(
            ("Assistant:WatchInterval", "00:00:10"), ("Assistant:Lease", "00:01:00"), ("Assistant:DeltaInterval", "00:00:10"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync("Three.");
        });
        var account = await alone.Api.NewAccountAsync(Assistants.At(endpoint));
        var anna = await account.OperatorAsync();
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(alone.Redis, dialog);
        await dialog.SendAsync("How many?", "1");
        var call = await endpoint.NextCallAsync();
        await heard.UntilAsync("typing_start");

        await TakeAsync(dialog, anna);
        call.Go();
        await heard.UntilAsync("handoff_started");
        await heard.UntilAsync("typing_stop");

        await IsSilentAsync(dialog, anna, heard);
    }

    [Fact]
    public async Task What_waits_behind_it_is_the_operator_s_and_after_the_release_it_answers_again()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            if (call.Question == "one")
            {
                await call.WaitAsync();
            }

            await call.SayAsync($"You said {call.Question}");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var anna = await account.OperatorAsync();
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("one", "1");
        await endpoint.NextCallAsync();
        await dialog.SendAsync("two", "2");
        await TakeAsync(dialog, anna);
        await dialog.SendAsync("three", "3");
        await heard.UntilAsync("typing_stop");
        (await dialog.HandoffAsync("release", anna)).Is(HttpStatusCode.OK);

        await dialog.SendAsync("four", "4");
        var answer = await heard.AnswerAsync();

        Assert.Equal("You said four", answer.GetProperty("text").GetString());
        Assert.Equal(["Welcome!", "one", "two", "three", "four", "You said four"], (await dialog.ReadAsync()).Items
            .Where(item => HeardDialog.Type(item) == "message").Select(item => item.GetProperty("text").GetString()));
        Assert.Equal(2, endpoint.Count);
    }

    [Fact]
    public async Task Where_an_operator_took_the_dialog_is_read_again_however_much_is_written_behind_it()
    {
        const int Writers = 8, MessagesAfterwards = 40;
        await using var endpoint = await FakeEndpoint.StartAsync(call => call.WaitAsync());
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var anna = await account.OperatorAsync();
        var dialog = await account.OpenWidgetAsync();
        await dialog.SendAsync("one", "1");
        var call = await endpoint.NextCallAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString);
        var jobs = $"{{{account.Id}}}:assistant:{account.Site.Id}:jobs";

        await TakeAsync(dialog, anna);
        var takenAt = (await dialog.ReadAsync()).Items[^1].GetProperty("seq").GetInt64();
        var log = servers.Api.Services.GetRequiredService<DialogLog>();
        var key = StreamKey.ForDialog(account.Id, dialog.Id);
        var owner = (await servers.Api.Services.GetRequiredService<DialogDirectory>().FindAsync(key, TestTimeout.Token()))!.Owner;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var written = 0; written < MessagesAfterwards; written += call.GivenUp.IsCancellationRequested ? 1 : 0)
            {
                await log.AppendMessageAsync(key, owner, new NewMessage(IdempotencyKey.Unique("v"), Sender.User, "To Anna"), TestTimeout.Token());
            }
        }));
        List<long> resumed = [];
        var patience = TestTimeout.Token();
        while (await redis.GetDatabase().HashGetAsync(jobs, dialog.Id) is { IsNull: false } job)
        {
            patience.ThrowIfCancellationRequested();
            resumed.Add(long.Parse(((string)job!).Split(' ')[0], CultureInfo.InvariantCulture));
        }

        await writing;
        Assert.All(resumed, from => Assert.True(from <= takenAt, $"{from} is behind {takenAt}."));
    }

    private static async Task TakeAsync(TestDialog dialog, string token)
    {
        (await dialog.HandoffAsync("request", token)).Is(HttpStatusCode.OK);
        (await dialog.HandoffAsync("takeover", token)).Is(HttpStatusCode.OK);
    }

    // The operator's own word is heard after whatever the assistant would have said.
    private static async Task IsSilentAsync(TestDialog dialog, string anna, HeardDialog heard)
    {
        (await dialog.AnswerAsync(anna, "It is me, Anna.", "anna-1")).Is(HttpStatusCode.Created);
        await heard.UntilAsync("message", message => message.GetProperty("sender").GetString() == "manager");
        var items = (await dialog.ReadAsync()).Items;
        Assert.Equal(["message", "message", "handoff_requested", "handoff_started", "message"], items.Select(HeardDialog.Type));
        Assert.Equal("manager", items[^1].GetProperty("sender").GetString());
    }
}
