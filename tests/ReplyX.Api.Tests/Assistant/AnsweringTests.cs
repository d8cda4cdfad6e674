using System.Text.Json;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>What a visitor gets from a site's assistant.</summary>
public sealed class AnsweringTests(AssistantServers servers) : IClassFixture<AssistantServers>
{
    [Fact]
    public async Task A_scripted_assistant_answers_in_the_visitor_s_words_and_language()
    {
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.Scripted)).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("Hi! How long do your deliveries take, shipping included?", "1");
        var first = await heard.AnswerAsync();
        await dialog.SendAsync("а сколько идет доставка", "2");
        var second = await heard.AnswerAsync();

        Assert.Equal(("Two to three days.", 2L), (Text(first), first.GetProperty("reply_to").GetInt64()));
        Assert.Equal(("Два-три дня.", 4L), (Text(second), second.GetProperty("reply_to").GetInt64()));
    }

    [Fact]
    public async Task A_model_s_answer_is_streamed_and_then_stored()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.PieceAsync("We have ");
            await call.WaitAsync();
            await call.PieceAsync("three 🚲 bicycles.");
            await call.EndAsync();
        });
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("How many?", "1");
        var call = await endpoint.NextCallAsync();
        await heard.UntilAsync("typing_start");
        var delta = await heard.UntilAsync("message_delta");
        call.Go();
        var answer = await heard.AnswerAsync();

        Assert.Equal(("assistant", 2L, 0, "We have "), (delta.GetProperty("sender").GetString(), delta.GetProperty("reply_to").GetInt64(),
            delta.GetProperty("offset").GetInt32(), Text(delta)));
        Assert.Equal("We have three 🚲 bicycles.", Text(answer));
        Assert.StartsWith(string.Concat(heard.Deltas.Select(Text)), Text(answer), StringComparison.Ordinal);
        Assert.Contains(heard.Passed, passed => HeardDialog.Type(passed) == "typing_stop");
        Assert.Equal("/v1/chat/completions", call.Path);
        Assert.Equal(("system", "user"), (call.Messages[0].Role, call.Messages[^1].Role));
        Assert.Contains("Sell bicycles.", call.Messages[0].Text, StringComparison.Ordinal);
        Assert.Contains("Welcome!", call.Messages[1].Text, StringComparison.Ordinal);
        Assert.True(call.Body.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task Messages_that_come_while_it_answers_are_answered_one_after_the_other()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync($"You said {call.Question}");
        });
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("one", "1");
        var first = await endpoint.NextCallAsync();
        await dialog.SendAsync("two", "2");
        await dialog.SendAsync("three", "3");
        first.Go();
        List<string> answers = [Text(await heard.AnswerAsync())];
        List<FakeCall> calls = [];
        for (var i = 0; i < 2; i++)
        {
            calls.Add(await endpoint.NextCallAsync());
            calls[i].Go();
            answers.Add(Text(await heard.AnswerAsync()));
        }

        Assert.Equal(["You said one", "You said two", "You said three"], answers);
        Assert.Equal(3, endpoint.Count);
        Assert.Equal(
            [("assistant", "Welcome!"), ("user", "one"), ("assistant", "You said one"), ("user", "two")], calls[0].Messages.Skip(1));
        Assert.Equal(
            [("user", "one"), ("user", "two"), ("assistant", "You said one"), ("assistant", "You said two"), ("user", "three")],
            calls[1].Messages.Skip(2));
        Assert.Equal([2L, 3L, 4L], (await dialog.ReadAsync()).Items.Where(item => item.TryGetProperty("reply_to", out _))
            .Select(item => item.GetProperty("reply_to").GetInt64()));
    }

    [Fact]
    public async Task What_is_set_up_while_it_answers_counts_for_the_next_message()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync("As before.");
        });
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("one", "1");
        var call = await endpoint.NextCallAsync();
        await dialog.SendAsync("Can I return something?", "2");
        await account.SetAssistantAsync(Assistants.Scripted);
        call.Go();

        Assert.Equal(["As before.", "Within 30 days."], [Text(await heard.AnswerAsync()), Text(await heard.AnswerAsync())]);
    }

    [Fact]
    public async Task A_site_without_an_assistant_stays_silent()
    {
        var silent = await (await servers.Api.NewAccountAsync()).OpenWidgetAsync();
        var disabled = await (await servers.Api.NewAccountAsync(Assistants.Scripted with { Enabled = false })).OpenWidgetAsync();
        await silent.SendAsync("Can I return something?", "1");
        await disabled.SendAsync("Can I return something?", "1");

        // By now an answer would be there: one that is asked later is.
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.Scripted)).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("Can I return something?", "1");
        await heard.AnswerAsync();

        Assert.Equal(2, (await silent.ReadAsync()).Items.Count);
        Assert.Equal(2, (await disabled.ReadAsync()).Items.Count);
    }

    [Fact]
    public async Task What_was_said_while_there_was_no_assistant_is_not_answered_later()
    {
        var account = await servers.Api.NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        await dialog.SendAsync("Can I return something?", "1");
        await account.SetAssistantAsync(Assistants.Scripted);
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("How long does shipping take?", "2");
        await heard.AnswerAsync();

        Assert.Equal(["Welcome!", "Can I return something?", "How long does shipping take?", "Two to three days."],
            (await dialog.ReadAsync()).Items.Select(Text));
    }

    private static string Text(JsonElement message) => message.GetProperty("text").GetString()!;
}
