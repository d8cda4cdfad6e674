using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Publishing;

/// <summary>
/// Does what docs/publish.md tells a person to do without Aspire and Azure: both services as processes in Production on an empty Redis,
/// configured by the variables of that page and no others, and the page's calls in their order.
/// </summary>
public sealed partial class FromNothingTests
{
    private const string Login = "olga@shop.example";
    private const string Password = "a password of the test";

    private static readonly string[] _page = File.ReadAllLines(Repository.File("docs", "publish.md"));

    [Fact]
    public async Task A_published_configuration_comes_from_nothing_to_a_conversation()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        Dictionary<string, string> settings = [];
        await using var realtime = new ServiceProcess("ReplyX.Realtime", PublishedService.Assembly("ReplyX.Realtime"), settings);
        await using var api = new ServiceProcess("ReplyX.Api", PublishedService.Assembly("ReplyX.Api"), settings);
        var values = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Tokens__SigningKey"] = "a signing key of this test, which is long enough",
            ["Metrics__Token"] = "a metrics token of this test",
            ["Operations__Token"] = "an operations token of this test",
            ["Secrets__Key"] = "a key for secrets of this test, long enough",
            ["Origins__ChatHosts__0"] = api.Address.GetLeftPart(UriPartial.Authority),
            ["Realtime__PublicUrl"] = realtime.Address.GetLeftPart(UriPartial.Authority),
            ["Sites__PublicUrl"] = api.Address.GetLeftPart(UriPartial.Authority),
            ["Bootstrap__AccountName"] = "The shop",
            ["Bootstrap__OwnerLogin"] = Login,
            ["Bootstrap__OwnerPassword"] = Password,
        };
        foreach (var name in _page.Select(line => Export().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value))
        {
            settings.Add(name, values[name]);
        }

        Assert.Equal(values.Count, settings.Count);
        await realtime.StartAsync();
        await api.StartAsync();

        // What a container's health check runs beside each.
        foreach (var service in (ServiceProcess[])[realtime, api])
        {
            var probe = ServiceProcess.Prepare(PublishedService.Assembly(service.Name), settings, service.Address);
            probe.ArgumentList.Add("--health");
            Assert.Equal((0, ""), await Command.RunAsync(probe));
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = api.Address };
        var calls = new Queue<string>(_page.Select(line => Call().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value));

        // The owner signs in, and the session keeps them signed in.
        var (signedIn, cookie) = await CallAsync("POST /api/operator/sign-in", new { login = Login, password = Password });
        Assert.Equal("owner", Text(signedIn.GetProperty("operator"), "role"));
        var (refreshed, _) = await CallAsync("POST /api/operator/refresh", null, request =>
        {
            request.Headers.Add("Cookie", cookie!.Split(';')[0]);
            request.Headers.Add("X-ReplyX-Request", "1");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        });
        var owner = Text(refreshed, "token");

        // A site, what its page embeds, and a visitor who starts there.
        var (site, _) = await CallAsync(
            "POST /api/sites", new { name = "The shop", welcome = "Hello!", origins = (string[])["https://shop.example"] }, Bearer(owner));
        var (embedded, _) = await CallAsync($"GET /api/embed-code?site_id={Text(site, "id")}", null, Bearer(owner));
        var script = Script().Match(Text(embedded, "html"));
        Assert.Equal(new Uri(api.Address, "/widget.js").ToString(), script.Groups[1].Value);
        var (dialog, _) = await CallAsync("POST /api/site/dialogs", new { site_token = script.Groups[2].Value });
        var url = new Uri(Text(dialog, "realtime_url"));

        // The socket that the chat page opens, and none that another page does.
        var chatHost = values["Origins__ChatHosts__0"];
        await using var foreign = await TestSocket.ConnectAsync(url, url.AbsolutePath, Text(dialog, "token"), origin: "https://evil.example");
        Assert.Equal(4003, await foreign.ReceiveCloseAsync());
        await using var socket = await TestSocket.ConnectAsync(url, url.AbsolutePath, Text(dialog, "token"), Text(dialog, "cursor"), chatHost);
        Assert.Equal("connected", Text(await socket.ReceiveAsync(), "type"));
        await socket.SendAsync("""{"type":"message","text":"Is it open?","client_id":"1"}""");
        await ReceiveAsync(socket, "ack");

        var id = dialog.GetProperty("id").GetInt64();
        var limit = TestTimeout.Token();
        List<JsonElement> listed;
        do
        {
            // The list may hear of a spread dialog some milliseconds after the visitor has the acknowledgement.
            limit.ThrowIfCancellationRequested();
            (var list, _) = await CallAsync("GET /api/dialogs", null, Bearer(owner));
            listed = [.. list.GetProperty("items").EnumerateArray()];
        }
        while (listed.Count == 0);
        Assert.Equal(id, Assert.Single(listed).GetProperty("id").GetInt64());
        await CallAsync($"POST /api/dialogs/{id}/messages", new { text = "It is.", client_id = "2" }, Bearer(owner));
        JsonElement message;
        do
        {
            message = await ReceiveAsync(socket, "message");
        }
        while (Text(message, "sender") != "manager");

        Assert.Equal("It is.", Text(message, "text"));
        Assert.Empty(calls);
        Assert.DoesNotContain(Password, api.Log.Last, StringComparison.Ordinal);
        Assert.DoesNotContain(owner, api.Log.Last, StringComparison.Ordinal);

        async Task<(JsonElement Answer, string? Cookie)> CallAsync(string call, object? body, Action<HttpRequestMessage>? prepare = null)
        {
            var expected = calls.Dequeue();
            Assert.Equal(expected, Id().Replace(call, "${before}{id}"));
            var parts = call.Split(' ');
            using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]) { Content = body is null ? null : JsonContent.Create(body) };
            prepare?.Invoke(request);
            using var answer = await http.SendAsync(request, TestTimeout.Token());
            var text = await answer.Content.ReadAsStringAsync(TestTimeout.Token());
            Assert.True(answer.IsSuccessStatusCode, $"{call}: {(int)answer.StatusCode} {text}");
            return (
                JsonDocument.Parse(text).RootElement,
                answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single() : null);
        }
    }

    private static Action<HttpRequestMessage> Bearer(string token) =>
        request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<JsonElement> ReceiveAsync(TestSocket socket, string type)
    {
        while (true)
        {
            if (await socket.ReceiveAsync(type) is var received && Text(received, "type") == type)
            {
                return received;
            }
        }
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    [GeneratedRegex("^export ([A-Za-z0-9_]+)=")]
    private static partial Regex Export();

    [GeneratedRegex("^[0-9]+\\. `([A-Z]+ /[^ `]+)")]
    private static partial Regex Call();

    [GeneratedRegex("(?<before>/api/dialogs/|site_id=)[^/]+")]
    private static partial Regex Id();

    [GeneratedRegex("src=\"([^\"]+)\" data-site-token=\"([^\"]+)\"")]
    private static partial Regex Script();
}
