using System.Text.Json;
using ReplyX.Api.Assistant.Clients;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>Whatever an endpoint does, the visitor gets one plain sentence, and a human is asked.</summary>
public sealed class FailureTests(AssistantServers servers) : IClassFixture<AssistantServers>
{
    public static TheoryData<string, string> Failures => new()
    {
        { "500", "endpoint_error" },
        { "401", "key_refused" },
        { "404", "request_refused" },
        { "429", "rate_limited" },
        { "429, come tomorrow", "rate_limited" },
        { "redirect", "request_refused" },
        { "reset", "unreachable" },
        { "reset amid", "unreachable" },
        { "no json", "garbage" },
        { "html", "cut_off" },
        { "torn unicode", "garbage" },
        { "nothing", "cut_off" },
        { "an empty answer", "empty" },
        { "cut off", "cut_off" },
        { "cut by its own limit", "cut_off" },
        { "filtered", "filtered" },
        { "too long", "too_long" },
        { "too long, with the mark", "too_long" },
        { "too long, by half a mark", "too_long" },
        { "one endless line", "endpoint_refused" },
        { "comments without end", "endpoint_refused" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task A_failure_ends_in_a_handover(string failure, string reason)
    {
        await using var endpoint = await FakeEndpoint.StartAsync(call => FailAsync(call, failure));
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("Есть велосипеды? A secret of mine", "1");
        var answer = await heard.AnswerAsync();

        Assert.Equal(2, answer.GetProperty("reply_to").GetInt64());
        Assert.Contains("не получается ответить", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        var events = (await dialog.ReadAsync()).Items;
        Assert.Equal(["message", "message", "handoff_requested", "message"], events.Select(HeardDialog.Type));
        Assert.Equal("failed", events[2].GetProperty("reason").GetString());
        Assert.Equal(heard.Deltas.Any(), heard.Passed.Any(passed => HeardDialog.Type(passed) == "message_delta_end"));
        var line = Assert.Single(servers.Api.Logs.Texts, line => line.Contains($"{dialog.Account.Id}/{dialog.Id}", StringComparison.Ordinal) && line.Contains("a human is asked", StringComparison.Ordinal));
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.DoesNotContain(servers.Api.Logs.Texts, text => text.Contains("A secret of mine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_that_nobody_listens_at_ends_in_a_handover()
    {
        var settings = AssistantSettings.None with { Enabled = true, Kind = AssistantKind.OpenAI, Endpoint = $"http://127.0.0.1:{FreePort.Next()}", Model = "m" };
        await IsHandedOverAsync(servers, await servers.Api.NewAccountAsync(settings), "failed", "unreachable");
    }

    [Theory]
    [InlineData(false, "first_text_timeout")]
    [InlineData(true, "timeout")]
    public async Task An_endpoint_that_stalls_ends_in_a_handover(bool amid, string reason)
    {
        await using var alone = await AssistantServers.StartAsync(("Assistant:FirstTextTimeout", amid ? "00:00:20" : "00:00:00.5"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            if (amid)
            {
                await call.PieceAsync("We have ");
            }

            await call.WaitAsync();
        });

        var heard = await IsHandedOverAsync(alone, await alone.Api.NewAccountAsync(Assistants.At(endpoint) with { TimeoutSeconds = 3 }), "timeout", reason);

        Assert.Equal(amid, heard.Any(passed => HeardDialog.Type(passed) == "message_delta"));
        Assert.Equal(amid, heard.Any(passed => HeardDialog.Type(passed) == "message_delta_end"));

        // Nobody listens any more.
        var call = await endpoint.NextCallAsync();
        await call.IsGivenUpAsync();
    }

    [Fact]
    public async Task An_endpoint_in_the_inner_network_is_not_connected_to()
    {
        await using var alone = await AssistantServers.StartAsync(("Assistant:AllowPrivateEndpoints", "false"));
        await using var endpoint = await FakeEndpoint.SayingAsync(_ => "Inner secrets.");
        foreach (var url in (string[])[endpoint.Url, endpoint.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), endpoint.Url.Replace("127.0.0.1", "[::ffff:127.0.0.1]", StringComparison.Ordinal)])
        {
            await IsHandedOverAsync(alone, await alone.Api.NewAccountAsync(Assistants.At(endpoint) with { Endpoint = url }), "failed", "endpoint_refused");
        }

        Assert.Equal(0, endpoint.Count);
    }

    [Fact]
    public async Task A_key_goes_to_its_endpoint_and_one_that_cannot_be_read_goes_nowhere()
    {
        await using var endpoint = await FakeEndpoint.SayingAsync(_ => "Hello.");
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint));
        var secrets = (ReplyX.Api.Secrets.SecretBox)servers.Api.Services.GetService(typeof(ReplyX.Api.Secrets.SecretBox))!;
        var own = secrets.Encrypt("sk-own", ChatClients.KeyPurpose(new AssistantSite(account.Id, account.Site.Id)));
        await account.SetAssistantAsync(Assistants.At(endpoint) with { EncryptedKey = own });
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("Hello?", "1");
        await heard.AnswerAsync();
        Assert.Equal("Bearer sk-own", (await endpoint.NextCallAsync()).Authorization);

        var other = await servers.Api.NewAccountAsync(Assistants.At(endpoint) with { EncryptedKey = own });
        await IsHandedOverAsync(servers, other, "failed", "key_unreadable");
        Assert.Equal(1, endpoint.Count);
    }

    [Fact]
    public async Task Who_asks_for_a_human_gets_one_and_the_model_is_not_asked()
    {
        await using var endpoint = await FakeEndpoint.SayingAsync(_ => "No.");
        await IsHandedOverAsync(
            servers, await servers.Api.NewAccountAsync(Assistants.At(endpoint) with { HandoverWords = ["велосипеды"] }), "requested", reason: null);
        Assert.Equal(0, endpoint.Count);
    }

    [Fact]
    public async Task A_model_that_cannot_help_asks_for_a_human_in_its_own_words()
    {
        await using var endpoint = await FakeEndpoint.SayingAsync(_ => "A colleague knows more. [[handover]]");
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);

        await dialog.SendAsync("Hello?", "1");
        var answer = await heard.AnswerAsync();

        Assert.Equal("A colleague knows more.", answer.GetProperty("text").GetString());
        Assert.Equal("requested", (await dialog.ReadAsync()).Items[2].GetProperty("reason").GetString());
        Assert.DoesNotContain(heard.Deltas, delta => delta.GetProperty("text").GetString()!.Contains('[', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_human_is_asked_for_once_however_often_it_fails()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(call => call.FailAsync(500));
        var dialog = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("One?", "1");
        await heard.AnswerAsync();

        await dialog.SendAsync("Two?", "2");
        var second = await heard.AnswerAsync();

        Assert.Contains("already been asked", second.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Single((await dialog.ReadAsync()).Items, item => HeardDialog.Type(item) == "handoff_requested");
    }

    private static async Task<IReadOnlyList<JsonElement>> IsHandedOverAsync(AssistantServers servers, TestAccount account, string why, string? reason)
    {
        var dialog = await account.OpenWidgetAsync();
        await using var heard = await HeardDialog.ListenAsync(servers.Redis, dialog);
        await dialog.SendAsync("Есть велосипеды?", "1");
        var answer = await heard.AnswerAsync();
        Assert.Contains("коллег", answer.GetProperty("text").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(why, (await dialog.ReadAsync()).Items[2].GetProperty("reason").GetString());
        var lines = account.Api.Logs.Texts.Where(line =>
            line.Contains($"{account.Id}/{dialog.Id}", StringComparison.Ordinal) && line.Contains("a human is asked", StringComparison.Ordinal));
        if (reason is null)
        {
            Assert.Empty(lines);
        }
        else
        {
            Assert.Contains(reason, Assert.Single(lines), StringComparison.Ordinal);
        }

        return heard.Passed;
    }

    private static async Task FailAsync(FakeCall call, string failure)
    {
        switch (failure)
        {
            case "500" or "401" or "404" or "429":
                await call.FailAsync(int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "429, come tomorrow":
                await call.FailAsync(429, retryAfter: "86400");
                break;
            case "redirect":
                call.Redirect("http://127.0.0.1:1/v1/chat/completions");
                break;
            case "reset":
                call.Abort();
                break;
            case "reset amid":
                await call.PieceAsync("We have ");
                call.Abort();
                break;
            case "no json":
                await call.EventAsync("{\"choices\": [");
                break;
            case "html":
                await call.RawAsync("<html><body>Bad gateway</body></html>");
                break;
            case "torn unicode":
                await call.EventAsync("""{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"\ud83d"}}]}""");
                break;
            case "nothing":
                await call.EventAsync("[DONE]");
                break;
            case "an empty answer":
                await call.SayAsync("  ");
                break;
            case "cut off":
                await call.PieceAsync("We have ");
                break;
            case "cut by its own limit":
                await call.PieceAsync("We have ");
                await call.EndAsync("length");
                break;
            case "filtered":
                await call.PieceAsync("We have ");
                await call.EndAsync("content_filter");
                break;
            case "too long":
                while (true)
                {
                    await call.PieceAsync(new string('a', 500));
                }

            case "too long, with the mark":
                await call.PieceAsync(new string('a', 20_000) + "[[handover]]");
                await call.EndAsync();
                break;
            case "too long, by half a mark":
                await call.PieceAsync(new string('a', 4_000) + "[[hand");
                await call.EndAsync();
                break;
            case "one endless line":
                await call.RawAsync("data: ");
                while (true)
                {
                    await call.RawAsync(new string('a', 100_000));
                }

            case "comments without end":
                while (true)
                {
                    await call.RawAsync($": {new string('a', 100_000)}\n\n");
                }
        }
    }
}
