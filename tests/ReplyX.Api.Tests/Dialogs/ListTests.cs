using System.Net;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Tests.Dialogs;

public sealed class ListTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Operators_see_the_dialogs_that_visitors_wrote_in_the_latest_first(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var person = await account.OperatorAsync();
        var (first, silent, second) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync(), await account.OpenSiteAsync());
        await first.SendAsync("one", "1");
        await second.SendAsync("two", "1");
        await NextMillisecondAsync();
        await first.SendAsync("three", "2");

        var all = (await account.Api.GetAsync("/api/dialogs", person)).Is(HttpStatusCode.OK);

        Assert.Equal([first.Id, second.Id], all.Items.Select(item => item.GetProperty("id").GetInt64()));
        Assert.DoesNotContain(all.Items, item => item.GetProperty("id").GetInt64() == silent.Id);
        Assert.Equal(2, all.Json.GetProperty("total").GetInt64());
        Assert.Equal("three", all.Items[0].GetProperty("last").GetProperty("preview").GetString());
        Assert.Equal("site", all.Items[1].GetProperty("mode").GetString());
        var head = await account.Api.Log.GetHeadAsync(StreamKey.ForFeed(account.Id), TestTimeout.Token());
        Assert.Equal(head.ToString(), all.Json.GetProperty("cursor").GetString());

        var page = await account.Api.GetAsync("/api/dialogs?limit=1&offset=1", person);
        Assert.Equal(second.Id, Assert.Single(page.Items).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task A_list_can_be_narrowed_and_says_where_to_go_on()
    {
        var account = await NewAccountAsync();
        var (anna, boris) = (await account.OperatorAsync(), await account.OperatorAsync("Boris"));
        var (free, waiting, held) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync(), await account.OpenSiteAsync());
        await free.SendAsync("about shirts", "1");
        await waiting.SendAsync("about shoes", "1");
        await waiting.HandoffAsync("request", waiting.Token);
        await held.SendAsync("about hats", "1");
        await held.HandoffAsync("request", anna);
        await held.HandoffAsync("takeover", anna);
        await held.AnswerAsync(anna, "hats are fine", "1");
        async Task<long[]> IdsAsync(string query, string? person = null) =>
            [.. (await account.Api.GetAsync($"/api/dialogs?{query}", person ?? anna)).Is(HttpStatusCode.OK).Items.Select(item => item.GetProperty("id").GetInt64())];

        Assert.Equal([waiting.Id, free.Id], await IdsAsync("filter=waiting"));
        Assert.Equal([held.Id], await IdsAsync("filter=mine"));
        Assert.Empty(await IdsAsync("filter=mine", boris));
        Assert.Empty(await IdsAsync("filter=closed"));
        Assert.Equal([free.Id], await IdsAsync("q=%20SHIRTS%20&filter=all"));
        Assert.Equal([waiting.Id], await IdsAsync($"q={waiting.Id}"));
        Assert.Empty(await IdsAsync("q=%00%E2%80%AE%27%22*"));
        Assert.Equal(3, (await IdsAsync("site_id=shop")).Length);
        Assert.Empty(await IdsAsync("site_id=other"));

        var first = (await account.Api.GetAsync("/api/dialogs?limit=2", anna)).Json;
        Assert.Equal(2, first.GetProperty("next_offset").GetInt32());
        Assert.False((await account.Api.GetAsync("/api/dialogs?limit=2&offset=2", anna)).Json.TryGetProperty("next_offset", out _));
        var item = (await account.Api.GetAsync("/api/dialogs?filter=waiting", anna)).Items[0];
        Assert.True(item.GetProperty("waiting_since").GetDateTimeOffset() <= item.GetProperty("handoff_since").GetDateTimeOffset());
        Assert.Equal("anna", (await account.Api.GetAsync("/api/dialogs?filter=mine", anna)).Items[0].GetProperty("operator_id").GetString());
    }

    [Fact]
    public async Task Without_an_assistant_whoever_writes_waits_and_is_none_of_the_assistants_dialogs()
    {
        var account = await NewAccountAsync();
        var anna = await account.OperatorAsync();
        var guest = await account.OpenWidgetAsync();
        await guest.SendAsync("hello?", "1");
        Task<Answer> ListAsync(string filter) => account.Api.GetAsync($"/api/dialogs?filter={filter}", anna);

        var item = Assert.Single((await ListAsync("waiting")).Items);
        Assert.Equal(item.GetProperty("last").GetProperty("timestamp").GetDateTimeOffset(), item.GetProperty("waiting_since").GetDateTimeOffset());
        Assert.Empty((await ListAsync("assistant")).Items);

        // Answered, nobody waits; that does not make it an assistant's.
        await guest.AnswerAsync(anna, "hello", "1");
        Assert.Empty((await ListAsync("waiting")).Items);
        Assert.Empty((await ListAsync("assistant")).Items);
        await account.EnableAssistantAsync();
        Assert.Single((await ListAsync("assistant")).Items);
    }

    [Theory]
    [InlineData("filter=some", "filter")]
    [InlineData("filter=all&filter=mine", "filter")]
    [InlineData("q=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x", "q")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("offset=99999999999999999999", "offset")]
    public async Task A_parameter_that_is_no_number_in_range_is_refused(string query, string field)
    {
        var account = await NewAccountAsync();
        var answer = (await account.Api.GetAsync($"/api/dialogs?{query}", await account.OperatorAsync())).IsProblem(400, "invalid_parameter");
        Assert.Equal(field, answer.Json.GetProperty("field").GetString());
    }

    // Lists are ordered by milliseconds, and dialogs of one millisecond by their random ids.
    private static async Task NextMillisecondAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() == now)
        {
            await Task.Yield();
        }
    }
}
