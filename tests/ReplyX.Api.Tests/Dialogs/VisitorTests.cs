using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ReplyX.Api.Tests.Dialogs;

/// <summary>What visitors say of themselves and where they are, and how operators see it.</summary>
public sealed class VisitorTests(SharedServers servers) : ApiTest(servers)
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) Test/1.0";

    [Theory]
    [InlineData("widget", RedisKind.Redis)]
    [InlineData("site", RedisKind.Redis)]
    [InlineData("widget", RedisKind.Garnet)]
    public async Task Operators_see_who_the_visitor_is_and_where(string mode, RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var person = await account.OperatorAsync();
        var started = (await StartAsync(account, mode, new
        {
            visitor = new { name = "  Ann Lee ", email = "ann@example.com" },
            page = new { url = "https://u:secret@shop.example/shirts?size=m#token=1", title = "Shirts\u00e9 \U0001F455", referrer = "https://find.example/?q=shirt" },
            locale = "en-GB",
        })).Is(HttpStatusCode.Created).Json;
        var (id, token) = (started.GetProperty("id").GetInt64(), started.GetProperty("token").GetString()!);
        (await account.Api.PostAsync($"/api/{mode}/dialogs/{id}/messages", new { text = "hello", client_id = "1" }, token)).Is(HttpStatusCode.Created);

        var listed = Assert.Single((await account.Api.GetAsync("/api/dialogs", person)).Is(HttpStatusCode.OK).Items);
        Assert.Equal("""{"name":"Ann Lee","email":"ann@example.com","locale":"en-GB"}""", listed.GetProperty("visitor").GetRawText());
        Assert.Equal("https://shop.example/shirts?size=m", listed.GetProperty("page").GetProperty("url").GetString());
        Assert.Equal("Shirts\u00e9 \U0001F455", listed.GetProperty("page").GetProperty("title").GetString());
        Assert.Equal(2, listed.GetProperty("unread").GetInt32());
        Assert.Equal("""{"user":0,"manager":0}""", listed.GetProperty("read").GetRawText());
        Assert.Equal(
            listed.GetProperty("last").GetProperty("timestamp").GetDateTimeOffset(), listed.GetProperty("waiting_since").GetDateTimeOffset());

        // The page changes, the one that it began on stays; what is left out stays, what is empty goes.
        var path = $"/api/{mode}/dialogs/{id}";
        (await PutAsync(account.Api, $"{path}/page", new { url = "http://shop.example:8080/cart", title = "" }, token)).Is(HttpStatusCode.NoContent);
        (await PutAsync(account.Api, $"{path}/visitor", new { email = "" }, token)).Is(HttpStatusCode.NoContent);
        var details = (await account.Api.GetAsync($"/api/dialogs/{id}", person)).Is(HttpStatusCode.OK).Json;
        Assert.Equal("""{"name":"Ann Lee","locale":"en-GB"}""", details.GetProperty("visitor").GetRawText());
        Assert.Equal("""{"url":"http://shop.example:8080/cart"}""", details.GetProperty("page").GetRawText());
        Assert.Equal("https://shop.example/shirts?size=m", details.GetProperty("started_page").GetProperty("url").GetString());
        Assert.Equal("https://find.example/?q=shirt", details.GetProperty("started_page").GetProperty("referrer").GetString());
        Assert.Equal(Browser, details.GetProperty("user_agent").GetString());
        Assert.Equal("hello", details.GetProperty("last").GetProperty("preview").GetString());
    }

    [Fact]
    public async Task A_visitor_sees_nothing_of_the_account_s_side()
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        await dialog.SendAsync("hello", "1");

        var own = Assert.Single((await account.Api.GetAsync("/api/widget/dialogs", dialog.GuestToken)).Items);

        foreach (var member in (string[])["visitor", "page", "unread", "read", "operator_id", "waiting_since"])
        {
            Assert.False(own.TryGetProperty(member, out _), member);
        }

        (await account.Api.GetAsync(dialog.OperatorPath, dialog.Token)).IsProblem(401, "token_invalid");
        (await account.Api.GetAsync(dialog.OperatorPath, await (await NewAccountAsync()).OperatorAsync())).IsProblem(404, "dialog_not_found");
        (await account.Api.GetAsync("/api/dialogs/4503599627370497", await account.OperatorAsync())).IsProblem(404, "dialog_not_found");
    }

    [Fact]
    public async Task A_profile_is_its_own_visitor_s_to_change()
    {
        var account = await NewAccountAsync();
        var (own, foreign) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());
        var body = new { name = "Mallory", url = "https://shop.example/" };
        foreach (var what in (string[])["visitor", "page"])
        {
            (await PutAsync(account.Api, $"{foreign.Path}/{what}", body, own.Token)).IsProblem(404, "dialog_not_found");
            (await PutAsync(account.Api, $"/api/site/dialogs/{own.Id}/{what}", body, own.Token)).IsProblem(404, "dialog_not_found");
            (await PutAsync(account.Api, $"{own.Path}/{what}", body, own.GuestToken)).IsProblem(401, "token_invalid");
            (await PutAsync(account.Api, $"{own.Path}/{what}", body)).IsProblem(401, "token_missing");
        }
    }

    public static TheoryData<string, string> BadMembers => new()
    {
        { """{"visitor":{"name":"a\u0007b"}}""", "visitor.name" },
        { """{"visitor":{"name":"a\nb"}}""", "visitor.name" },
        { """{"visitor":{"name":"\u202Eeno"}}""", "visitor.name" },
        { $$$"""{"visitor":{"name":"{{{new string('x', 101)}}}"}}""", "visitor.name" },
        { """{"visitor":{"email":"ann"}}""", "visitor.email" },
        { """{"visitor":{"email":"Ann <ann@example.com>"}}""", "visitor.email" },
        { """{"visitor":{"email":"ann@example.com\u0000"}}""", "visitor.email" },
        { $$$"""{"visitor":{"email":"{{{new string('x', 250)}}}@example.com"}}""", "visitor.email" },
        { """{"locale":"not a language"}""", "locale" },
        { """{"locale":"en\n"}""", "locale" },
        { $$$"""{"locale":"en-{{{string.Join('-', Enumerable.Repeat("abcdefgh", 5))}}}"}""", "locale" },
        { """{"page":{}}""", "page.url" },
        { """{"page":{"url":"javascript:alert(1)"}}""", "page.url" },
        { """{"page":{"url":"data:text/html,x"}}""", "page.url" },
        { """{"page":{"url":"/relative"}}""", "page.url" },
        { """{"page":{"url":"http://"}}""", "page.url" },
        { """{"page":{"url":"file:///etc/passwd"}}""", "page.url" },
        { $$$"""{"page":{"url":"https://shop.example/{{{new string('x', 2_000)}}}"}}""", "page.url" },
        { $$$"""{"page":{"url":"https://shop.example/{{{new string('店', 1_000)}}}"}}""", "page.url" },
        { $$$"""{"page":{"url":"https://shop.example/","title":"{{{new string('x', 501)}}}"}}""", "page.title" },
        { """{"client_id":"short"}""", "client_id" },
        { """{"client_id":"with spaces in the key"}""", "client_id" },
    };

    [Theory, MemberData(nameof(BadMembers))]
    public async Task What_cannot_be_shown_starts_nothing(string members, string field)
    {
        var account = await NewAccountAsync();
        var body = $$"""{"assistant_id":"{{account.Site.AssistantId}}",{{members[1..]}}""";

        var answer = (await account.Api.PostTextAsync("/api/widget/dialogs", body)).IsProblem(400, "invalid_field");

        Assert.Equal(field, answer.Json.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("""{"visitor":"Ann"}""")]
    [InlineData("""{"visitor":{"name":7}}""")]
    [InlineData("""{"visitor":{"name":["Ann"]}}""")]
    [InlineData("""{"page":"https://shop.example/"}""")]
    [InlineData("""{"page":{"url":{}}}""")]
    [InlineData("""{"locale":1}""")]
    [InlineData("""{"client_id":{}}""")]
    public async Task A_member_of_another_type_is_refused(string members)
    {
        var account = await NewAccountAsync();
        var body = $$"""{"assistant_id":"{{account.Site.AssistantId}}",{{members[1..]}}""";
        (await account.Api.PostTextAsync("/api/widget/dialogs", body)).IsProblem(400, "invalid_json");
    }

    [Fact]
    public async Task Changes_are_checked_as_a_start_is()
    {
        var dialog = await OpenDialogAsync();
        var api = dialog.Account.Api;
        (await PutAsync(api, $"{dialog.Path}/visitor", new { name = "a\tb" }, dialog.Token)).IsProblem(400, "invalid_field");
        (await PutAsync(api, $"{dialog.Path}/visitor", new { email = "x" }, dialog.Token)).IsProblem(400, "invalid_field");
        (await PutAsync(api, $"{dialog.Path}/page", new { url = "JavaScript:alert(1)" }, dialog.Token)).IsProblem(400, "invalid_field");
        (await PutAsync(api, $"{dialog.Path}/page", new { title = "no address" }, dialog.Token)).IsProblem(400, "invalid_field");
        (await PutAsync(api, $"{dialog.Path}/page", new { url = "https://shop.example/", referrer = "android-app://com.example" }, dialog.Token))
            .Is(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_new_guest_s_start_happens_once(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var key = Guid.NewGuid().ToString("N");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartAsync(account, "widget", new { client_id = key })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Single(answers.Select(answer => answer.Json.GetProperty("id").GetInt64()).Distinct());
        var guests = await Task.WhenAll(answers.Select(async answer =>
            (await account.Api.Tokens.CheckGuestAsync(answer.Json.GetProperty("guest_token").GetString())).Claims!.GuestId));
        Assert.Single(guests.Distinct());
        var other = await StartAsync(account, "widget", new { client_id = Guid.NewGuid().ToString("N") });
        Assert.NotEqual(answers[0].Json.GetProperty("id").GetInt64(), other.Json.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task A_start_that_is_repeated_makes_no_guest_and_counts_for_none()
    {
        await using var api = await StartApiAsync(("Limits:NewGuests:Burst", "1"), ("Limits:NewGuests:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        var key = Guid.NewGuid().ToString("N");

        (await StartAsync(account, "widget", new { client_id = key })).Is(HttpStatusCode.Created);
        (await StartAsync(account, "widget", new { client_id = key })).Is(HttpStatusCode.OK);
        (await StartAsync(account, "widget", new { client_id = Guid.NewGuid().ToString("N") })).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task History_tells_how_far_each_side_has_read()
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        var person = await account.OperatorAsync();
        await dialog.SendAsync("hello", "1");
        Assert.Equal("""{"user":0,"manager":0,"assistant":0}""", (await dialog.ReadAsync()).Json.GetProperty("read").GetRawText());

        await dialog.HandoffAsync("request", person);
        await dialog.HandoffAsync("takeover", person);
        await dialog.AnswerAsync(person, "here I am", "1");

        foreach (var query in (string[])["", "?after=1", "?before=3", "?limit=1"])
        {
            Assert.Equal("""{"user":0,"manager":5,"assistant":0}""", (await dialog.ReadAsync(query)).Json.GetProperty("read").GetRawText());
            var history = await account.Api.GetAsync($"{dialog.OperatorPath}/messages{query}", person);
            Assert.Equal(5, history.Json.GetProperty("read").GetProperty("manager").GetInt32());
        }

        Assert.Equal(0, Assert.Single((await account.Api.GetAsync("/api/dialogs", person)).Items).GetProperty("unread").GetInt32());
    }

    private static async Task<Answer> StartAsync(TestAccount account, string mode, object members)
    {
        var body = JsonSerializer.SerializeToNode(members)!.AsObject();
        body[mode == "site" ? "site_token" : "assistant_id"] = mode == "site" ? account.SiteToken : account.Site.AssistantId;
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{mode}/dialogs") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        return await account.Api.SendAsync(request);
    }

    private static Task<Answer> PutAsync(TestApi api, string path, object body, string? token = null) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) }, token);
}
