using System.Net;

namespace ReplyX.Api.Tests.Web;

public sealed class ChatPageTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task The_page_is_told_whether_an_assistant_answers_and_names_each_frame_s_source_once()
    {
        var account = await NewAccountAsync();

        // In development the demo's own origin is added to the site's.
        await account.Api.Accounts.SaveSiteAsync(
            account.Site with { Origins = ["http://127.0.0.1:5080", "https://shop.example"] }, TestTimeout.Token());
        var (page, policy) = await ShowAsync(account);
        Assert.Contains("\"assistant\":false", page, StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'self' http://127.0.0.1:5080 https://shop.example", policy, StringComparison.Ordinal);

        await account.EnableAssistantAsync();
        (page, _) = await ShowAsync(account);
        Assert.Contains("\"assistant\":true", page, StringComparison.Ordinal);
    }

    private static async Task<(string Page, string Policy)> ShowAsync(TestAccount account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/chat?assistant_id={account.Site.AssistantId}");
        request.Headers.Host = "localhost:5080";
        using var answer = await account.Api.Http.SendAsync(request, TestTimeout.Token());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(TestTimeout.Token()), answer.Headers.GetValues("Content-Security-Policy").Single());
    }
}
