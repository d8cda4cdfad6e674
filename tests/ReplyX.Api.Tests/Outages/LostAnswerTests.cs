using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ReplyX.Api.Tests.Outages;

/// <summary>The message was taken and the client never heard of it.</summary>
public sealed class LostAnswerTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task A_send_whose_answer_was_lost_is_one_message_after_the_retry(int bytesThatArrive)
    {
        var dialog = await OpenDialogAsync();
        var key = $"lost-{Guid.NewGuid():N}";

        await LoseAsync(dialog.Account.Api, $"{dialog.Path}/messages", new { text = "hello", client_id = key }, dialog.Token, key, bytesThatArrive);

        var retried = (await dialog.SendAsync("hello", key)).Is(HttpStatusCode.OK).Json.GetProperty("user_message");
        var items = (await dialog.ReadAsync()).Items;
        Assert.Equal(2, items.Count);
        Assert.Equal(items[1].GetRawText(), retried.GetRawText());
        (await dialog.SendAsync("hello, again", key)).IsProblem(409, "idempotency_conflict");
    }

    [Fact]
    public async Task Another_s_equal_key_is_no_retry()
    {
        var account = await NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        var key = $"lost-{Guid.NewGuid():N}";
        await LoseAsync(account.Api, $"{dialog.Path}/messages", new { text = "hello", client_id = key }, dialog.Token, key);

        (await dialog.AnswerAsync(anna, "hello", key)).Is(HttpStatusCode.Created);
        (await dialog.SendAsync("hello", key)).Is(HttpStatusCode.OK);
        Assert.Equal(3, (await dialog.ReadAsync()).Items.Count);
    }

    [Fact]
    public async Task A_takeover_whose_answer_was_lost_is_taken_once()
    {
        var account = await NewAccountAsync();
        var (dialog, anna, boris) = (await account.OpenWidgetAsync(), await account.OperatorAsync(), await account.OperatorAsync("Boris"));
        await dialog.HandoffAsync("request", dialog.Token);

        await LoseAsync(account.Api, $"{dialog.OperatorPath}/handoff/takeover", new { client_id = "t1" }, anna, "\"active\"");

        (await dialog.HandoffAsync("takeover", boris, new { client_id = "t1" })).IsProblem(409, "handoff_wrong_state");
        var again = (await dialog.HandoffAsync("takeover", anna, new { client_id = "t1" })).Is(HttpStatusCode.OK);
        Assert.Equal("Anna", again.Json.GetProperty("operator").GetString());
        Assert.Single((await dialog.ReadAsync()).Items, item => item.GetProperty("type").GetString() == "handoff_started");
    }

    private static async Task LoseAsync(TestApi api, string path, object body, string token, string marker, int passing = 0)
    {
        await using var proxy = new LossyProxy(api.Root.Port);
        var lost = false;
        proxy.InsteadOfAnswer(
            marker,
            () =>
            {
                lost = true;
                return Task.CompletedTask;
            },
            passing);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{proxy.Port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.PostAsJsonAsync(path, body, TestTimeout.Token()));
        Assert.True(lost, "the answer never came to the proxy");
    }
}
