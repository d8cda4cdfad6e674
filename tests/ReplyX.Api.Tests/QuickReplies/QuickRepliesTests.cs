using System.Net;
using System.Net.Http.Json;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.QuickReplies;

public sealed class QuickRepliesTests(SharedServers servers) : ApiTest(servers)
{
    private const string Path = "/api/quick-replies";

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Owners_write_them_operators_read_them_and_other_accounts_do_not(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var (owner, person) = (await account.OperatorAsync("Olga", OperatorRole.Owner), await account.OperatorAsync());
        Assert.Empty((await account.Api.GetAsync(Path, person)).Is(HttpStatusCode.OK).Items);

        object items = new { items = new[] { new { shortcut = "привет", text = "  Hello!\nHow can I help? " }, new { shortcut = "bye", text = "Bye 👋" } } };
        (await PutAsync(account.Api, items, owner)).Is(HttpStatusCode.OK);

        var read = (await account.Api.GetAsync(Path, person)).Is(HttpStatusCode.OK).Items;
        Assert.Equal(
            [("привет", "Hello!\nHow can I help?"), ("bye", "Bye 👋")],
            read.Select(item => (item.GetProperty("shortcut").GetString(), item.GetProperty("text").GetString())));
        (await PutAsync(account.Api, new { items = Array.Empty<object>() }, person)).IsProblem(403, "owners_only");
        Assert.Empty((await account.Api.GetAsync(Path, await (await NewAccountAsync(kind)).OperatorAsync())).Items);
        Assert.Equal(2, (await account.Api.GetAsync(Path, person)).Items.Count);
        (await account.Api.GetAsync(Path)).IsProblem(401, "token_missing");

        var audit = (await account.Api.GetAsync("/api/audit", owner)).Items[0];
        Assert.Equal("quick_replies.change", audit.GetProperty("action").GetString());
        Assert.DoesNotContain("Hello", audit.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_write_at_once_one_has_the_last_word_and_nothing_is_mixed()
    {
        var account = await NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => (await PutAsync(
            account.Api, new { items = Enumerable.Range(0, i + 1).Select(_ => new { shortcut = $"s{i}-{_}", text = $"{i}" }) }, owner)).Is(HttpStatusCode.OK)));

        var items = (await account.Api.GetAsync(Path, owner)).Items;
        Assert.Single(items.Select(item => item.GetProperty("text").GetString()).Distinct());
        Assert.Equal(int.Parse(items[0].GetProperty("text").GetString()!, null) + 1, items.Count);
    }

    [Fact]
    public async Task The_longest_list_there_may_be_is_taken()
    {
        var account = await NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);

        // Sent with each letter as an escape of six bytes.
        var items = Enumerable.Range(0, 200).Select(i => new { shortcut = $"s{i}", text = new string('ж', 4_000) });
        Assert.Equal(200, (await PutAsync(account.Api, new { items }, owner)).Is(HttpStatusCode.OK).Items.Count);
        (await account.Api.PostAsync("/api/operator/sign-in", new { login = new string('x', 70_000) })).IsProblem(413, "body_too_large");
    }

    public static TheoryData<string, string> BadLists => new()
    {
        { "{}", "items" },
        { $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 201).Select(i => $$"""{"shortcut":"s{{i}}","text":"x"}"""))}}]}""", "items" },
        { """{"items":[null]}""", "items[0].shortcut" },
        { """{"items":[{"shortcut":"","text":"x"}]}""", "items[0].shortcut" },
        { """{"items":[{"shortcut":"a b","text":"x"}]}""", "items[0].shortcut" },
        { """{"items":[{"shortcut":"a\u0007","text":"x"}]}""", "items[0].shortcut" },
        { """{"items":[{"shortcut":"hi","text":"x"},{"shortcut":"HI","text":"y"}]}""", "items[1].shortcut" },
        { """{"items":[{"shortcut":"hi","text":"  "}]}""", "items[0].text" },
        { """{"items":[{"shortcut":"hi","text":"a\u0000b"}]}""", "items[0].text" },
        { $$"""{"items":[{"shortcut":"hi","text":"{{new string('x', 4_001)}}"}]}""", "items[0].text" },
        { $$"""{"items":[{"shortcut":"{{new string('x', 33)}}","text":"x"}]}""", "items[0].shortcut" },
    };

    [Theory, MemberData(nameof(BadLists))]
    public async Task A_list_that_cannot_be_used_changes_nothing(string body, string field)
    {
        var account = await NewAccountAsync();
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };

        var answer = (await account.Api.SendAsync(request, owner)).IsProblem(400, "invalid_field");

        Assert.Equal(field, answer.Json.GetProperty("field").GetString());
        Assert.Empty((await account.Api.GetAsync(Path, owner)).Items);
    }

    private static Task<Answer> PutAsync(TestApi api, object body, string token) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Put, Path) { Content = JsonContent.Create(body) }, token);
}
