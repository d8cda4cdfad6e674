using System.Net;

namespace ReplyX.Api.Tests.Messages;

public sealed class HistoryTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task History_is_read_from_either_end(RedisKind kind)
    {
        var dialog = await DialogOfAsync(kind, count: 11);

        await ReadsAsync(dialog, "", 1, 12, more: false);
        await ReadsAsync(dialog, "?limit=5", 8, 12, more: true);
        await ReadsAsync(dialog, "?before=8&limit=5", 3, 7, more: true);
        await ReadsAsync(dialog, "?before=3&limit=5", 1, 2, more: false);
        await ReadsAsync(dialog, "?before=1000000", 1, 12, more: false);
        await ReadsAsync(dialog, "?after=0&limit=5", 1, 5, more: true);
        await ReadsAsync(dialog, "?after=5&limit=7", 6, 12, more: false);
        Assert.Empty((await dialog.ReadAsync("?before=1")).Items);
        Assert.Equal("0-0", (await dialog.ReadAsync("?before=1")).Json.GetProperty("cursor").GetString());

        var page = await dialog.ReadAsync("?after=0&limit=5");
        await ReadsAsync(dialog, $"?after={page.Json.GetProperty("cursor").GetString()}&limit=3", 6, 8, more: true);
        await ReadsAsync(dialog, "?after=0-0&limit=3", 1, 3, more: true);

        var end = await dialog.ReadAsync();
        var cursor = end.Json.GetProperty("cursor").GetString();
        foreach (var after in (string[])[cursor!, "12"])
        {
            var rest = await dialog.ReadAsync($"?after={after}");
            Assert.Empty(rest.Items);
            Assert.Equal(cursor, rest.Json.GetProperty("cursor").GetString());
            Assert.False(rest.Json.TryGetProperty("reset", out _));
        }
    }

    [Theory]
    [InlineData("?after=7-00000000")]
    [InlineData("?after=99-12345678")]
    [InlineData("?after=13")]
    [InlineData("?after=9007199254740991")]
    [InlineData("?after=9007199254740991-ffffffffffffffff")]
    public async Task What_the_log_does_not_hold_is_said_and_the_latest_follow(string query)
    {
        var dialog = await DialogOfAsync(RedisKind.Redis, count: 11);
        var answer = await ReadsAsync(dialog, query + "&limit=4", 9, 12, more: true);
        Assert.True(answer.Json.GetProperty("reset").GetBoolean());
    }

    [Theory]
    [InlineData("?after=x", "after")]
    [InlineData("?after=-1", "after")]
    [InlineData("?after=", "after")]
    [InlineData("?after=0-1", "after")]
    [InlineData("?after=9007199254740992", "after")]
    [InlineData("?after=9223372036854775807-1", "after")]
    [InlineData("?after=1&after=2", "after")]
    [InlineData("?before=0", "before")]
    [InlineData("?before=3-12345678", "before")]
    [InlineData("?after=1&before=3", "before")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=9999999999", "limit")]
    public async Task A_parameter_that_means_nothing_is_refused(string query, string field)
    {
        var dialog = await OpenDialogAsync();
        var answer = (await dialog.ReadAsync(query)).IsProblem(400, "invalid_parameter");
        Assert.Equal(field, answer.Json.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Pages_are_bounded_by_bytes_whichever_way_they_are_read()
    {
        const int mostBytes = 256 * 1024;
        var dialog = await OpenDialogAsync();
        for (var i = 0; i < 40; i++)
        {
            (await dialog.SendAsync(new string('я', 8_000), $"k{i}")).Is(HttpStatusCode.Created);
        }

        // 40 texts of 16,000 bytes are more than two pages. What does not fit is left out at the far end.
        var latest = await dialog.ReadAsync("?limit=200");
        Assert.Equal(41, latest.Items[^1].GetProperty("seq").GetInt64());
        Assert.Equal(latest.Items[^1].GetProperty("cursor").GetString(), latest.Json.GetProperty("cursor").GetString());
        var backward = await PagesAsync(dialog, "", page => $"?before={page.Items[0].GetProperty("seq").GetInt64()}&");
        var forward = await PagesAsync(dialog, "?after=0-0&", page => $"?after={page.Json.GetProperty("cursor").GetString()}&");

        Assert.All(backward.Concat(forward), page => Assert.InRange(page.Text.Length + (8_000 * page.Items.Count(IsLong)), 1, mostBytes));
        Assert.Equal(Enumerable.Range(1, 41).Select(seq => (long)seq), backward.Reverse().SelectMany(Seqs));
        Assert.Equal(Enumerable.Range(1, 41).Select(seq => (long)seq), forward.SelectMany(Seqs));

        // In characters of two bytes.
        static bool IsLong(System.Text.Json.JsonElement item) => item.GetProperty("text").GetString()!.Length == 8_000;

        static IEnumerable<long> Seqs(Answer page) => page.Items.Select(item => item.GetProperty("seq").GetInt64());

        static async Task<IReadOnlyList<Answer>> PagesAsync(TestDialog dialog, string first, Func<Answer, string> next)
        {
            List<Answer> pages = [];
            do
            {
                var query = pages.Count == 0 ? first : next(pages[^1]);
                pages.Add((await dialog.ReadAsync($"{(query.Length == 0 ? "?" : query)}limit=200")).Is(HttpStatusCode.OK));
            }
            while (pages[^1].Json.GetProperty("has_more").GetBoolean());
            return pages;
        }
    }

    [Fact]
    public async Task A_short_event_before_long_ones_is_on_the_page_with_them()
    {
        var dialog = await OpenDialogAsync();
        for (var i = 0; i < 5; i++)
        {
            (await dialog.SendAsync(new string('я', 8_000), $"k{i}")).Is(HttpStatusCode.Created);
        }

        await ReadsAsync(dialog, "?before=6&limit=200", 1, 5, more: false);
        await ReadsAsync(dialog, "?before=6&limit=3", 3, 5, more: true);
    }

    [Fact]
    public async Task A_dialog_without_events_starts_at_the_start()
    {
        var dialog = await (await NewAccountAsync(welcome: "")).OpenWidgetAsync();
        Assert.Equal("0-0", dialog.Answer.Json.GetProperty("cursor").GetString());
        foreach (var query in (string[])["", "?after=0-0", "?after=0", "?before=5"])
        {
            var answer = (await dialog.ReadAsync(query)).Is(HttpStatusCode.OK);
            Assert.Empty(answer.Items);
            Assert.Equal("0-0", answer.Json.GetProperty("cursor").GetString());
            Assert.False(answer.Json.GetProperty("has_more").GetBoolean());
        }
    }

    private static async Task<Answer> ReadsAsync(TestDialog dialog, string query, int first, int last, bool more)
    {
        var answer = (await dialog.ReadAsync(query)).Is(HttpStatusCode.OK);
        Assert.Equal(Enumerable.Range(first, last - first + 1), answer.Items.Select(item => item.GetProperty("seq").GetInt32()));
        Assert.Equal(answer.Items[^1].GetProperty("cursor").GetString(), answer.Json.GetProperty("cursor").GetString());
        Assert.Equal(more, answer.Json.GetProperty("has_more").GetBoolean());
        return answer;
    }

    private async Task<TestDialog> DialogOfAsync(RedisKind kind, int count)
    {
        var dialog = await OpenDialogAsync(kind);
        for (var i = 0; i < count; i++)
        {
            (await dialog.SendAsync($"message {i}", $"k{i}")).Is(HttpStatusCode.Created);
        }

        return dialog;
    }
}
