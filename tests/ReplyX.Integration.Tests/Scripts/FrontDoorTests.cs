using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>What nginx of a deploy passes on, what it refuses, and what it writes down. docs/deploy.md promises it.</summary>
public sealed class FrontDoorTests
{
    private const int MostBytes = 5 * 1024 * 1024;

    [Fact]
    public async Task Services_get_what_is_theirs_once_and_nobody_forges_where_it_came_from()
    {
        var (toApi, toNodes) = (new ConcurrentQueue<HttpRequestSeen>(), new ConcurrentQueue<string>());
        await using var api = await StartAsync(async context =>
        {
            toApi.Enqueue(HttpRequestSeen.Of(context.Request));
            if (context.Request.Path == "/api/breaks")
            {
                context.Abort();
                return;
            }

            if (context.Request.Path == "/api/with-headers")
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers["Referrer-Policy"] = "no-referrer";
                context.Response.Headers.ContentSecurityPolicy = "frame-ancestors https://shop.example";
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var full = await StartAsync(context =>
        {
            toNodes.Enqueue("full");
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var node = await StartAsync(async context =>
        {
            toNodes.Enqueue("node");
            if (!context.WebSockets.IsWebSocketRequest)
            {
                // Its own word, which must not be taken for nginx's.
                context.Response.StatusCode = 503;
                await context.Response.WriteAsync("unhealthy");
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync("replyx.v1");
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        using var door = await FrontDoor.StartAsync(PortOf(api), PortOf(full), PortOf(node));

        // Addresses.
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/api/with-headers");
        foreach (var (name, value) in ((string, string)[])[
            ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=203.0.113.7"), ("X-Real-IP", "203.0.113.7")])
        {
            forged.Headers.TryAddWithoutValidation(name, value);
        }

        using var headers = await door.Http.SendAsync(forged, TestTimeout.Token());
        Assert.True(toApi.TryDequeue(out var seen));
        Assert.Equal(
            ("127.0.0.1", "https", "", "", "", door.Authority),
            (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["X-Forwarded-Host"], seen["Forwarded"], seen["X-Real-IP"], seen["Host"]));

        // Headers of answers: each once.
        using var bare = await door.Http.GetAsync(new Uri("/api/bare", UriKind.Relative), TestTimeout.Token());
        foreach (var answer in (HttpResponseMessage[])[headers, bare])
        {
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Single(answer.Headers.GetValues("Strict-Transport-Security"));
        }

        Assert.Equal("frame-ancestors https://shop.example", Assert.Single(headers.Headers.GetValues("Content-Security-Policy")));
        Assert.False(bare.Headers.Contains("Content-Security-Policy"));

        // The platform's own stays inside, however it is written.
        toApi.Clear();
        foreach (var path in (string[])["/internal/nodes", "/INTERNAL/nodes", "/%69nternal/nodes", "//internal", "/internal%2Fnodes", "/metrics", "/health", "/health/ready", "/alive"])
        {
            using var refused = await door.Http.GetAsync(new Uri(door.Url + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), TestTimeout.Token());
            Assert.Equal((path, HttpStatusCode.NotFound), (path, refused.StatusCode));
        }

        Assert.Empty(toApi);
        using var ready = await door.Http.GetAsync(new Uri("/health/api", UriKind.Relative), TestTimeout.Token());
        Assert.True(toApi.TryDequeue(out var asked));
        Assert.Equal("/health/ready", asked.Path);

        // Bodies.
        using var most = await door.Http.PostAsync(new Uri("/api/bodies", UriKind.Relative), new ByteArrayContent(new byte[MostBytes]), TestTimeout.Token());
        Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        using var tooLarge = await door.Http.PostAsync(new Uri("/api/bodies", UriKind.Relative), new ByteArrayContent(new byte[MostBytes + 1]), TestTimeout.Token());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (tooLarge.StatusCode, tooLarge.Content.Headers.ContentType?.MediaType));
        Assert.Equal("body_too_large", (await tooLarge.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token())).GetProperty("code").GetString());

        // Nothing is sent twice.
        toApi.Clear();
        using var broken = await door.Http.PostAsync(new Uri("/api/breaks", UriKind.Relative), new StringContent("{}"), TestTimeout.Token());
        Assert.Equal(HttpStatusCode.BadGateway, broken.StatusCode);
        Assert.Single(toApi);

        // Sockets: a node that is full is left for the next one. Which is asked first is nginx's choice.
        for (var i = 0; i < 2; i++)
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("replyx.v1");
            using var invoker = new HttpMessageInvoker(door.Invoker, disposeHandler: false);
            await socket.ConnectAsync(new Uri($"wss://{door.Authority}/ws/widget/dialogs/1"), invoker, TestTimeout.Token());
            var buffer = new byte[16];
            var read = await socket.ReceiveAsync(buffer, TestTimeout.Token());
            Assert.Equal("hello", System.Text.Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        Assert.Contains("full", toNodes);

        // Health is the node's own word.
        using var health = await door.Http.GetAsync(new Uri("/health/websocket", UriKind.Relative), TestTimeout.Token());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);

        // Port 80.
        using var redirected = await door.Http.GetAsync(new Uri(door.PlainUrl, "/chat?x=1"), TestTimeout.Token());
        Assert.Equal((HttpStatusCode.MovedPermanently, new Uri(door.Url, "/chat?x=1")), (redirected.StatusCode, redirected.Headers.Location));
        await Assert.ThrowsAsync<HttpRequestException>(() => door.Http.GetAsync(new Uri(door.PlainUrl, "/health/websocket"), TestTimeout.Token()));
    }

    [Fact]
    public async Task Whoever_issues_certificates_gets_its_answer_over_both_families()
    {
        using var door = await FrontDoor.StartAsync(FreePort.Next(), FreePort.Next());
        door.AnswerAuthority("question", "the answer");

        // The name is that of 127.0.0.1, and nginx was told to listen on [::].
        Assert.Equal("the answer", await door.Http.GetStringAsync(new Uri(door.PlainUrl, "/.well-known/acme-challenge/question"), TestTimeout.Token()));
        if (System.Net.Sockets.Socket.OSSupportsIPv6)
        {
            using var direct = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://[::1]:{door.PlainUrl.Port}/.well-known/acme-challenge/question");
            request.Headers.Host = door.PlainUrl.Host;
            using var answer = await direct.SendAsync(request, TestTimeout.Token());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_secret_is_written_down_when_services_are_gone_and_nginx_does_not_speak_for_them()
    {
        const string Secret = "a-token-that-nobody-may-see";
        using var door = await FrontDoor.StartAsync(FreePort.Next(), FreePort.Next(), FreePort.Next());

        foreach (var path in (string[])["/ws/widget/dialogs/7", "/chat", "/api/sites", "/internal/nodes", "/health/api", "/health/websocket"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?token={Secret}");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", $"replyx.v1, replyx.token.{Secret}");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Secret}");
            request.Headers.Referrer = new Uri($"https://shop.example/?token={Secret}");
            if (path.StartsWith("/health", StringComparison.Ordinal))
            {
                await Assert.ThrowsAsync<HttpRequestException>(() => door.Http.SendAsync(request, TestTimeout.Token()));
                continue;
            }

            using var answer = await door.Http.SendAsync(request, TestTimeout.Token());
            Assert.Equal(path == "/internal/nodes" ? HttpStatusCode.NotFound : HttpStatusCode.BadGateway, answer.StatusCode);
        }

        var logs = door.Logs();
        Assert.Contains("\"GET /ws/widget/dialogs/7 ", logs, StringComparison.Ordinal);
        Assert.Contains("\"GET /health/websocket ", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, logs, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", logs, StringComparison.Ordinal);
    }

    private static int PortOf(WebApplication app) => new Uri(app.Urls.Single()).Port;

    private static async Task<WebApplication> StartAsync(RequestDelegate serve)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(serve);
        await app.StartAsync(TestTimeout.Token());
        return app;
    }

    /// <summary>A request as a service got it.</summary>
    private sealed record HttpRequestSeen(string Path, IReadOnlyDictionary<string, string> Headers)
    {
        public string this[string header] => Headers.GetValueOrDefault(header, "");

        public static HttpRequestSeen Of(HttpRequest request) => new(
            request.Path, request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }
}
