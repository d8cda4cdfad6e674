using System.Net;
using System.Text;

namespace ReplyX.Api.Tests.Messages;

public sealed class SendingTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_message_is_taken_once(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var dialog = await account.OpenWidgetAsync();

        var first = (await dialog.SendAsync("Есть синий? \"<b>\" 👩‍👩‍👧 שלום", "c-1")).Is(HttpStatusCode.Created);
        var again = (await dialog.SendAsync("Есть синий? \"<b>\" 👩‍👩‍👧 שלום", "c-1")).Is(HttpStatusCode.OK);

        Assert.Equal(first.Text, again.Text);
        var message = first.Json.GetProperty("user_message");
        Assert.Equal(2, message.GetProperty("seq").GetInt64());
        Assert.Equal(2, message.GetProperty("id").GetInt64());
        Assert.Equal("user", message.GetProperty("sender").GetString());
        Assert.Equal("c-1", message.GetProperty("client_id").GetString());
        Assert.Equal("Есть синий? \"<b>\" 👩‍👩‍👧 שלום", message.GetProperty("text").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", message.GetProperty("timestamp").GetString());
        Assert.Equal(message.GetRawText(), (await dialog.ReadAsync()).Items[^1].GetRawText());

        (await dialog.SendAsync("something else", "c-1")).IsProblem(409, "idempotency_conflict");
        Assert.Equal(2, (await dialog.ReadAsync()).Items.Count);
    }

    [Fact]
    public async Task Twelve_tries_at_once_with_one_key_are_one_message()
    {
        var dialog = await OpenDialogAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => dialog.SendAsync("hello", "same")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Theory]
    [InlineData("""{"text":"hi","client_id":"1","sender":"manager"}""")]
    [InlineData("""{"text":"hi","client_id":"1","sender":"system","author":"Anna","seq":99,"id":1,"type":"x"}""")]
    [InlineData("""{"sender":{"a":[1]},"text":"hi","client_id":"1","operator_id":"anna"}""")]
    public async Task A_visitor_is_always_the_user(string body)
    {
        var dialog = await OpenDialogAsync();

        var answer = (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", body, dialog.Token)).Is(HttpStatusCode.Created);

        var message = answer.Json.GetProperty("user_message");
        Assert.Equal("user", message.GetProperty("sender").GetString());
        Assert.Equal(2, message.GetProperty("seq").GetInt64());
        Assert.False(message.TryGetProperty("author", out _));
    }

    [Fact]
    public async Task A_text_has_one_to_eight_thousand_code_units()
    {
        var dialog = await OpenDialogAsync();
        (await dialog.SendAsync(new string('я', 8_000), "1")).Is(HttpStatusCode.Created);
        (await dialog.SendAsync(new string('я', 8_001), "2")).IsProblem(400, "invalid_field");
        (await dialog.SendAsync(string.Concat(Enumerable.Repeat("😀", 4_000)), "3")).Is(HttpStatusCode.Created);
        (await dialog.SendAsync(string.Concat(Enumerable.Repeat("😀", 4_000)) + "x", "4")).IsProblem(400, "invalid_field");
        (await dialog.SendAsync("", "5")).IsProblem(400, "invalid_field");
        (await dialog.SendAsync(" \t\n\u00a0\u2003", "6")).IsProblem(400, "invalid_field");
        (await dialog.SendAsync("x", "7")).Is(HttpStatusCode.Created);

        // The longest text with every character escaped still fits into a body.
        var escaped = new StringBuilder("{\"text\":\"").Insert(9, "\\u044f", 8_000).Append("\",\"client_id\":\"8\"}").ToString();
        (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", escaped, dialog.Token)).Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ключ")]
    [InlineData("a\nb")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_key_is_needed_and_is_printable_ascii(string? clientId)
    {
        var dialog = await OpenDialogAsync();
        var answer = (await dialog.SendAsync("hi", clientId!)).IsProblem(400, "invalid_field");
        Assert.Equal("client_id", answer.Json.GetProperty("field").GetString());
    }

    [Fact]
    public async Task An_operator_answers_by_name_or_for_the_assistant()
    {
        var account = await NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        await dialog.SendAsync("hi", "1");

        var manager = (await dialog.AnswerAsync(anna, "Hello", "1")).Is(HttpStatusCode.Created).Json.GetProperty("message");
        var assistant = (await dialog.AnswerAsync(anna, "Beep", "2", "assistant")).Is(HttpStatusCode.Created).Json.GetProperty("message");

        Assert.Equal(("manager", "Anna"), (manager.GetProperty("sender").GetString(), manager.GetProperty("author").GetString()));
        Assert.Equal("assistant", assistant.GetProperty("sender").GetString());
        Assert.False(assistant.TryGetProperty("author", out _));
        foreach (var sender in (string[])["user", "system", "Manager", ""])
        {
            (await dialog.AnswerAsync(anna, "x", "3", sender)).IsProblem(400, "invalid_field");
        }

        // Equal keys of two principals are two keys.
        (await dialog.SendAsync("Hello", "2")).Is(HttpStatusCode.Created);
        Assert.Equal(
            (await dialog.ReadAsync()).Items.Select(item => item.GetRawText()),
            (await account.Api.GetAsync($"{dialog.OperatorPath}/messages", anna)).Items.Select(item => item.GetRawText()));
    }
}
