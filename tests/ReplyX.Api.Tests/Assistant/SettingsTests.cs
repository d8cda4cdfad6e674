using System.Net;
using System.Net.Http.Json;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>The settings of a site's assistant over HTTP, and its try-out.</summary>
public sealed class SettingsTests(AssistantServers servers) : IClassFixture<AssistantServers>
{
    private const string Path = "/api/sites/shop/assistant";

    [Fact]
    public async Task An_owner_sets_it_up_and_an_operator_reads_it()
    {
        var account = await servers.Api.NewAccountAsync();
        var (owner, person) = (await account.OperatorAsync("Olga", OperatorRole.Owner), await account.OperatorAsync());
        var empty = (await servers.Api.GetAsync(Path, person)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((false, "scripted", false, 30), (empty.GetProperty("enabled").GetBoolean(), empty.GetProperty("kind").GetString(),
            empty.GetProperty("has_key").GetBoolean(), empty.GetProperty("timeout_seconds").GetInt32()));

        var body = new
        {
            enabled = true,
            kind = "openai",
            endpoint = "https://models.example/v1",
            model = "m",
            instructions = "Be kind.",
            api_key = "sk-12345",
            timeout_seconds = 20,
            answers = new[] { new { question = "Q?", answer = "A." } },
            fallback = "F",
            handover_words = new[] { "boss" },
        };
        var saved = (await PutAsync(body, owner)).Is(HttpStatusCode.OK);
        var read = (await servers.Api.GetAsync(Path, person)).Is(HttpStatusCode.OK);

        Assert.Equal(saved.Text, read.Text);
        Assert.Equal("""{"enabled":true,"kind":"openai","endpoint":"https://models.example/v1","model":"m","instructions":"Be kind.","has_key":true,"timeout_seconds":20,"answers":[{"question":"Q?","answer":"A."}],"fallback":"F","handover_words":["boss"]}""", read.Text);
    }

    [Fact]
    public async Task Only_an_owner_writes_and_only_of_the_own_account()
    {
        var account = await servers.Api.NewAccountAsync();
        var person = await account.OperatorAsync();
        (await PutAsync(new { enabled = true }, person)).IsProblem(403, "owners_only");
        (await PutAsync(new { enabled = true }, null)).IsProblem(401, "token_missing");
        (await PutAsync(new { enabled = true }, (await account.OpenWidgetAsync()).Token)).IsProblem(401, "token_invalid");

        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        (await PutAsync(new { enabled = true }, owner, "/api/sites/none/assistant")).IsProblem(404, "site_not_found");
        (await servers.Api.GetAsync("/api/sites/none/assistant", owner)).IsProblem(404, "site_not_found");
        (await servers.Api.PostAsync("/api/sites/none/assistant/try", new { text = "?" }, owner)).IsProblem(404, "site_not_found");
        await account.OperatorAsync("Otto", OperatorRole.Owner);
        await account.Api.Accounts.RemoveOperatorAsync(account.Id, "olga", Actor.Platform, TestTimeout.Token());
        (await PutAsync(new { enabled = true }, owner)).IsProblem(401, "token_revoked");
    }

    [Fact]
    public async Task The_key_is_kept_changed_and_removed_and_is_nowhere_to_be_read()
    {
        var account = await servers.Api.NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        object Body(string? key, string endpoint = "https://models.example/v1") => new { kind = "openai", endpoint, model = "m", api_key = key };
        Assert.True((await PutAsync(Body("sk-very-secret"), owner)).Json.GetProperty("has_key").GetBoolean());
        Assert.True((await PutAsync(Body(null, "https://models.example/v2"), owner)).Json.GetProperty("has_key").GetBoolean());

        // Or who never knew it could have it sent to a server of theirs.
        (await PutAsync(Body(null, "https://elsewhere.example/v1"), owner)).IsProblem(400, "invalid_field");
        (await PutAsync(Body(null, "http://models.example/v1"), owner)).IsProblem(400, "invalid_field");

        await using var connection = await ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString);
        string stored = (await connection.GetDatabase().HashGetAsync($"{{{account.Id}}}:assistants", "shop"))!;
        Assert.Contains("v1.", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-very-secret", stored, StringComparison.Ordinal);
        Assert.False((await PutAsync(Body(""), owner)).Json.GetProperty("has_key").GetBoolean());
        Assert.DoesNotContain(servers.Api.Logs.Texts, line => line.Contains("sk-very-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_stand_in_the_audit_log_without_texts_and_keys()
    {
        var account = await servers.Api.NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        await PutAsync(new { enabled = true, kind = "openai", endpoint = "https://models.example/v1", model = "m", instructions = "Be kind.", api_key = "sk-12345" }, owner);
        await PutAsync(new { enabled = true, kind = "openai", endpoint = "https://models.example/v1", model = "n", instructions = "Be kind." }, owner);

        var entries = (await servers.Api.GetAsync("/api/audit", owner)).Items;

        Assert.Equal(["assistant.change", "assistant.change"], entries.Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal(["model"], Fields(entries[0]));
        Assert.Equal(["enabled", "kind", "endpoint", "model", "instructions", "api_key"], Fields(entries[1]));
        Assert.All(entries, entry => Assert.DoesNotContain("sk-12345", entry.GetRawText(), StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.DoesNotContain("Be kind.", entry.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_assistant_goes_with_its_site()
    {
        var account = await servers.Api.NewAccountAsync(Assistants.Scripted);
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);

        (await servers.Api.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/sites/shop"), owner)).Is(HttpStatusCode.NoContent);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(servers.Redis.ConnectionString);
        Assert.False(await connection.GetDatabase().KeyExistsAsync([$"{{{account.Id}}}:assistants", $"{{{account.Id}}}:assistant:shop:inbox"]) > 0);
        Assert.False(await connection.GetDatabase().SetContainsAsync("replyx:assistant:sites", $"{account.Id} shop"));
    }

    [Fact]
    public async Task Without_a_secret_of_the_installation_no_key_is_taken()
    {
        await using var api = await servers.StartApiAsync(("Secrets:Key", ""));
        var account = await api.NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);

        (await api.SendAsync(Put(new { api_key = "sk" }), owner)).IsProblem(409, "no_secrets_key");
        (await api.SendAsync(Put(new { enabled = false }), owner)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"kind":"openai","model":"m"}""", "endpoint")]
    [InlineData("""{"kind":"openai","endpoint":"https://a.example"}""", "model")]
    [InlineData("""{"endpoint":"ftp://a.example"}""", "endpoint")]
    [InlineData("""{"endpoint":"/v1"}""", "endpoint")]
    [InlineData("""{"endpoint":"https://user:secret@a.example"}""", "endpoint")]
    [InlineData("""{"endpoint":"https://a.example?x=1"}""", "endpoint")]
    [InlineData("""{"timeout_seconds":0}""", "timeout_seconds")]
    [InlineData("""{"answers":[{"question":"Q"}]}""", "answers")]
    [InlineData("""{"answers":[null]}""", "answers")]
    [InlineData("""{"handover_words":["!"]}""", "handover_words")]
    [InlineData("""{"api_key":"two words"}""", "api_key")]
    public async Task What_makes_no_sense_is_refused_by_its_member(string body, string field)
    {
        var owner = await (await servers.Api.NewAccountAsync()).OperatorAsync("Olga", OperatorRole.Owner);
        var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent(body, null, "application/json") };

        var answer = (await servers.Api.SendAsync(request, owner)).IsProblem(400, "invalid_field");

        Assert.Equal(field, answer.Json.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_model_gets_no_more_answers_than_it_is_told()
    {
        var owner = await (await servers.Api.NewAccountAsync()).OperatorAsync("Olga", OperatorRole.Owner);
        object Body(string kind, int length) => new
        {
            kind,
            endpoint = "https://models.example/v1",
            model = "m",
            answers = Enumerable.Range(0, 6).Select(i => new { question = "Q", answer = new string('a', (length / 6) - 1) }),
        };

        var refused = (await PutAsync(Body("openai", 24_006), owner)).IsProblem(400, "invalid_field");
        (await PutAsync(Body("openai", 24_000), owner)).Is(HttpStatusCode.OK);
        (await PutAsync(Body("scripted", 24_006), owner)).Is(HttpStatusCode.OK);

        Assert.Equal("answers", refused.Json.GetProperty("field").GetString());
        Assert.Contains("24000", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_told_every_answer_that_may_be_entered()
    {
        var answers = Enumerable.Range(0, 6).Select(i => new AssistantAnswer($"{i}", new string('a', 3_999))).ToList();

        var told = Prompt.Build("Shop", AssistantSettings.None with { Answers = answers }, [])[0].Text;

        Assert.All(answers, answer => Assert.Contains($"Q: {answer.Question}\nA: {answer.Answer}\n", told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("http://127.0.0.1/v1")]
    [InlineData("http://[::1]/v1")]
    [InlineData("http://[::ffff:10.0.0.1]/v1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    public async Task An_address_of_the_inner_network_is_refused_where_it_is_entered(string endpoint)
    {
        await using var api = await servers.StartApiAsync(("Assistant:AllowPrivateEndpoints", "false"));
        var owner = await (await api.NewAccountAsync()).OperatorAsync("Olga", OperatorRole.Owner);

        var answer = (await api.SendAsync(Put(new { kind = "openai", endpoint, model = "m" }), owner)).IsProblem(400, "invalid_field");

        Assert.Equal("endpoint", answer.Json.GetProperty("field").GetString());
    }

    [Fact]
    public async Task The_try_out_answers_hands_over_and_says_what_fails()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(call => call.Question == "fail" ? call.FailAsync(401) : call.SayAsync("Forty-two."));
        var account = await servers.Api.NewAccountAsync(Assistants.At(endpoint) with { Enabled = false });
        var person = await account.OperatorAsync();
        var before = servers.Api.Logs.All.Count;

        var answer = (await TryAsync("How many?", person)).Is(HttpStatusCode.OK).Json;
        var handover = (await TryAsync("Человека!", person)).Is(HttpStatusCode.OK).Json;
        var failure = (await TryAsync("fail", person)).IsProblem(502, "assistant_failed");

        Assert.Equal(("Forty-two.", "openai", false), (answer.GetProperty("answer").GetString(), answer.GetProperty("kind").GetString(), answer.GetProperty("handover").GetBoolean()));
        Assert.True(answer.GetProperty("latency_ms").GetInt64() >= 0);
        Assert.True(handover.GetProperty("handover").GetBoolean());
        Assert.Contains("коллег", handover.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Equal("key_refused", failure.Json.GetProperty("detail").GetString());
        Assert.DoesNotContain(servers.Api.Logs.Texts.Skip(before), line => line.Contains("How many?", StringComparison.Ordinal));
        (await TryAsync(" ", person)).IsProblem(400, "invalid_field");
    }

    [Fact]
    public async Task An_account_has_two_try_outs_at_a_time()
    {
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync("Forty-two.");
        });
        var person = await (await servers.Api.NewAccountAsync(Assistants.At(endpoint))).OperatorAsync();
        var other = await (await servers.Api.NewAccountAsync(Assistants.Scripted)).OperatorAsync();
        Task<Answer>[] running = [TryAsync("One?", person), TryAsync("Two?", person)];
        FakeCall[] calls = [await endpoint.NextCallAsync(), await endpoint.NextCallAsync()];

        (await TryAsync("Three?", person)).IsProblem(429, "rate_limited");
        (await TryAsync("Can I return something?", other)).Is(HttpStatusCode.OK);

        Array.ForEach(calls, call => call.Go());
        Assert.All(await Task.WhenAll(running), answer => answer.Is(HttpStatusCode.OK));
        var later = TryAsync("Four?", person);
        (await endpoint.NextCallAsync()).Go();
        (await later).Is(HttpStatusCode.OK);
        Assert.Equal(3, endpoint.Count);
    }

    [Fact]
    public async Task An_instance_has_as_many_try_outs_at_a_time_as_answers()
    {
        await using var api = await servers.StartApiAsync(("Assistant:MaxAnswers", "1"));
        await using var endpoint = await FakeEndpoint.StartAsync(async call =>
        {
            await call.WaitAsync();
            await call.SayAsync("Forty-two.");
        });
        var (person, other) = (await (await api.NewAccountAsync(Assistants.At(endpoint))).OperatorAsync(), await (await api.NewAccountAsync()).OperatorAsync());
        var running = api.PostAsync($"{Path}/try", new { text = "One?" }, person);
        var call = await endpoint.NextCallAsync();

        (await api.PostAsync($"{Path}/try", new { text = "Two?" }, other)).IsProblem(429, "rate_limited");

        call.Go();
        (await running).Is(HttpStatusCode.OK);
    }

    private static IEnumerable<string?> Fields(System.Text.Json.JsonElement entry) =>
        entry.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("field").GetString());

    private Task<Answer> TryAsync(string text, string token) => servers.Api.PostAsync($"{Path}/try", new { text }, token);

    private Task<Answer> PutAsync(object body, string? token, string path = Path) => servers.Api.SendAsync(Put(body, path), token);

    private static HttpRequestMessage Put(object body, string path = Path) => new(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
}
