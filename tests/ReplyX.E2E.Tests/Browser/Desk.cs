using ReplyX.Client;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>An operator of the demo account who works by HTTP, without a browser.</summary>
internal sealed class Desk : IDisposable
{
    private readonly HttpClient _http;
    private readonly OperatorSession _session;

    private Desk(HttpClient http, OperatorSession session)
    {
        _http = http;
        _session = session;
    }

    public static async Task<Desk> SignInAsync(BrowserGraph graph, string login = "anna@demo.replyx.dev")
    {
        var http = new HttpClient { BaseAddress = graph.Api };
        var api = new ReplyXApiClient(http);
        return new Desk(http, new OperatorSession(api, (await api.SignInAsync(login, BrowserGraph.OperatorPassword, TestTimeout.Token())).Require()));
    }

    public async Task SayAsync(long dialog, string text) =>
        (await _session.SendAsync(dialog, text, cancellationToken: TestTimeout.Token())).Require();

    public async Task StepAsync(long dialog, HandoffStep step) =>
        (await _session.StepAsync(dialog, step, cancellationToken: TestTimeout.Token())).Require();

    /// <summary>The visitor's messages, as they are stored.</summary>
    public async Task<IReadOnlyList<string>> VisitorsTextsAsync(long dialog) =>
        [.. (await HistoryAsync(dialog)).OfType<MessageEvent>().Where(message => message.Sender == "user").Select(message => message.Text)];

    public async Task<IReadOnlyList<ReplyXEvent>> HistoryAsync(long dialog) =>
        (await _session.ReadHistoryAsync(dialog, new HistoryRange(Limit: 200), TestTimeout.Token())).Require().Items;

    /// <summary>A socket on the dialog, as the console has one.</summary>
    public async Task<ReplyXConnection> WatchAsync(BrowserGraph graph, long dialog)
    {
        var socket = new ReplyXConnection(_session.DialogOptions(new RealtimeUrls(graph.Sockets), dialog));
        await socket.ConnectAsync(TestTimeout.Token());
        return socket;
    }

    public async Task<string> SiteTokenAsync(string site = "demo") => (await _session.GetSiteTokenAsync(site, TestTimeout.Token())).Require();

    /// <summary>Makes the site's token void, and gives the next one.</summary>
    public async Task<string> RotateSiteTokenAsync(string site = "demo")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/site-token/rotate")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { site_id = site }),
        };
        request.Headers.Authorization = new("Bearer", (await _session.TokenProvider(TokenNeed.First, TestTimeout.Token()))!);
        using var answer = await _http.SendAsync(request, TestTimeout.Token());
        answer.EnsureSuccessStatusCode();
        return await SiteTokenAsync(site);
    }

    public void Dispose() => _http.Dispose();
}
