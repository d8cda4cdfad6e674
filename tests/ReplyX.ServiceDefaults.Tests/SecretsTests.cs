using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>What comes in a query, a header or a subprotocol goes into no log line and no span, at any level.</summary>
public sealed class SecretsTests
{
    private const string Canary = "canary0a1b2c3d";

    [Fact]
    public async Task A_token_reaches_neither_logs_nor_spans()
    {
        await using var service = await TestService.StartAsync(
            new() { ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace" },
            configure: builder => builder.Services.AddHttpClient(),
            map: app =>
            {
                app.Map("/ws/{id}", async (context) =>
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync("replyx.v1");
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                });
                app.MapGet("/relay", async (IHttpClientFactory clients) =>
                {
                    using var client = clients.CreateClient();
                    client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Canary}");
                    return await client.GetStringAsync(new Uri($"{app.Urls.Single()}/plain?token={Canary}"));
                });
                app.MapGet("/plain", () => "ok");
                app.MapGet("/fails", string () => throw new InvalidOperationException("as the test asks"));
            });
        var cancellation = TestContext.Current.CancellationToken;

        using (var socket = new ClientWebSocket())
        {
            socket.Options.AddSubProtocol("replyx.v1");
            socket.Options.AddSubProtocol($"replyx.token.{Canary}");
            await socket.ConnectAsync(new Uri($"ws://{service.Client.BaseAddress!.Authority}/ws/7?token={Canary}"), cancellation);
            await socket.ReceiveAsync(new byte[16], cancellation);
        }

        service.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Canary}");
        service.Client.DefaultRequestHeaders.Add("X-Guest", Canary);
        foreach (var path in new[] { "/relay", "/plain", "/fails", "/missing", "/health/ready", "/metrics" })
        {
            using var response = await service.Client.GetAsync(new Uri($"{path}?token={Canary}&{Canary}=1", UriKind.Relative), cancellation);
        }

        await SendRawAsync(service, $"GET /ws/7?token={Canary} x HTTP/1.1\r\n\r\n");
        await SendRawAsync(service, $"GET /ws/7?token={Canary} HTTP/1.1\r\nHost: a\r\nBad Header {Canary}\r\n\r\n");
        await service.Spans.WaitForAsync(span => span.GetTagItem("url.path") is "/missing", TestTimeout.Token());
        await service.Spans.WaitForAsync(span => span.GetTagItem("url.path") is "/ws/7", TestTimeout.Token());
        await service.Spans.WaitForAsync(span => span.Kind == ActivityKind.Client, TestTimeout.Token());

        // The failure is logged, so the silence about the rest is not that of a logger that hears nothing.
        Assert.Contains(service.Logs.All, line => line.Level == LogLevel.Error && line.Text.Contains("as the test asks", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Logs.All, line => line.Text.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(service.Spans.All.Select(Describe), span => span.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        Assert.All(service.Spans.All, span => Assert.Null(span.GetTagItem("url.query")));
    }

    private static string Describe(Activity span) =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} "
        + string.Join(' ', span.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}"));

    private static async Task SendRawAsync(TestService service, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).Within("the answer to a bad request");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }
}
