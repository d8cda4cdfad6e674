using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Observability;

public sealed class PrometheusTests
{
    private const string Token = "a-token-for-scrapes-only";

    private static readonly string[] _labels = ["job", "instance", "health", "lastError"];

    [Fact]
    public async Task Prometheus_finds_every_node_through_the_api_and_scrapes_it_with_the_token()
    {
        RequiredTool.Path("prometheus");
        await using var api = await StartApiAsync();
        using var data = new TempDirectory();
        var port = FreePort.Next();
        using var prometheus = Process.Start(new ProcessStartInfo("/bin/sh", [Repository.File("observability/prometheus/start.sh")])
        {
            Environment =
            {
                ["API_URL"] = api.Urls.Single(),
                ["METRICS_TOKEN"] = Token,
                ["DATA_DIR"] = data.Path,
                ["LISTEN"] = $"127.0.0.1:{port}",
            },
            RedirectStandardError = true,
        })!;
        _ = prometheus.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        try
        {
            string[] expected =
            [
                $"api {new Uri(api.Urls.Single()).Authority} up ",
                $"prometheus 127.0.0.1:{port} up ",
                "realtime node-a up ",
                "realtime node-b up ",
            ];
            Assert.Equal(expected, await TargetsAsync(port, expected));
            Assert.Equal("7", await SumOfSocketsAsync(port));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>The part of the Api that Prometheus speaks to, with two nodes behind it. Without the token it answers nothing.</summary>
    private static async Task<WebApplication> StartApiAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization == $"Bearer {Token}")
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        });
        app.MapGet("/metrics", () => "up_and_well 1\n");
        app.MapGet("/internal/nodes/{node}/metrics", (string node) => $"websocket_connections_total{{type=\"widget\"}} {(node == "node-a" ? 3 : 4)}\n");
        app.MapGet("/internal/prometheus/targets", (HttpContext context) => new[]
        {
            Target(context, "api", "/metrics"),
            Target(context, "realtime", "/internal/nodes/node-a/metrics"),
            Target(context, "realtime", "/internal/nodes/node-b/metrics"),
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static object Target(HttpContext context, string job, string path) => new
    {
        targets = new[] { context.Request.Host.Value },
        labels = new Dictionary<string, string> { ["job"] = job, ["__metrics_path__"] = path },
    };

    /// <summary>Asks until the targets are as expected; at the limit it gives back what they were last.</summary>
    private static async Task<string[]> TargetsAsync(int port, string[] expected)
    {
        using var limit = new CancellationTokenSource(TestTimeout.Default);
        using var client = new HttpClient();
        string[] seen = [];
        while (!seen.SequenceEqual(expected) && !limit.IsCancellationRequested)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            try
            {
                using var answer = JsonDocument.Parse(await client.GetStringAsync(
                    new Uri($"http://127.0.0.1:{port}/api/v1/targets?state=active"), TestContext.Current.CancellationToken));
                seen = [.. answer.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray().Select(Describe).Order(StringComparer.Ordinal)];
            }
            catch (HttpRequestException e) when (e.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                // Not listening yet, or still reading its data.
            }
        }

        return seen;
    }

    private static string Describe(JsonElement target) =>
        string.Join(' ', _labels.Select(name => (target.TryGetProperty(name, out var value) ? value : target.GetProperty("labels").GetProperty(name)).GetString()));

    private static async Task<string?> SumOfSocketsAsync(int port)
    {
        using var client = new HttpClient();
        using var answer = JsonDocument.Parse(await client.GetStringAsync(
            new Uri($"http://127.0.0.1:{port}/api/v1/query?query=sum(websocket_connections_total)"), TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("value")[1].GetString();
    }
}
