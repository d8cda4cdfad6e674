using System.Net.Http.Headers;
using System.Net.Http.Json;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Console;

/// <summary>An operator without a browser.</summary>
internal sealed class Colleague : IDisposable
{
    private readonly HttpClient _http;

    private readonly string _id;

    private Colleague(HttpClient http, string id) => (_http, _id) = (http, id);

    public static async Task<Colleague> ComeAsync(BrowserGraph graph, string login = ConsoleTest.Anna)
    {
        var http = new HttpClient { BaseAddress = graph.Api };
        var signedIn = (await new ReplyXApiClient(http).SignInAsync(login, BrowserGraph.OperatorPassword, TestTimeout.Token())).Require();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.Token.Token);
        return new Colleague(http, signedIn.Id);
    }

    public async Task SayAsync(long dialog, string text) => await RequireAsync(_http.PostAsJsonAsync(
        $"/api/dialogs/{dialog}/messages", new { text, client_id = Guid.NewGuid().ToString("N") }, TestTimeout.Token()));

    public async Task PutQuickRepliesAsync(params (string Shortcut, string Text)[] items) => await RequireAsync(_http.PutAsJsonAsync(
        "/api/quick-replies", new { items = items.Select(item => new { shortcut = item.Shortcut, text = item.Text }) }, TestTimeout.Token()));

    /// <summary>Is called something else from now on.</summary>
    public async Task RenameAsync(string name) =>
        await RequireAsync(_http.PatchAsJsonAsync($"/api/operators/{_id}", new { name }, TestTimeout.Token()));

    public void Dispose() => _http.Dispose();

    private static async Task RequireAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestTimeout.Token())}");
    }
}
