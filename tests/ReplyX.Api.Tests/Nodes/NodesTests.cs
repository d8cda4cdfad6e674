using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Tests.Nodes;

public sealed class NodesTests
{
    private const string Token = "a-token-for-metrics";
    private const string OperationsToken = "a-token-for-operations";

    [Fact]
    public async Task Prometheus_finds_every_node_and_scrapes_it_through_the_service()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(redis.ConnectionString, new Dictionary<string, string?> { ["Metrics:Token"] = Token });
        await using var node = await StartNodeAsync(async context =>
        {
            var authorized = context.Request.Headers.Authorization == $"Bearer {Token}";
            context.Response.StatusCode = authorized ? 200 : 401;
            context.Response.ContentType = "text/plain; version=0.0.4";
            await context.Response.WriteAsync("websocket_connections_total{type=\"widget\"} 3\n");
        });
        await RegisterAsync(api, "node-1", new Uri(node.Urls.Single()));
        await RegisterAsync(api, "node-2", new Uri($"http://127.0.0.1:{FreePort.Next()}"));

        var nodes = (await api.GetAsync("/internal/nodes", Token)).Is(HttpStatusCode.OK).Json.EnumerateArray().ToArray();
        Assert.Equal(["node-1", "node-2"], nodes.Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(3, nodes[0].GetProperty("admin_connections").GetInt32());
        Assert.Equal(4711, nodes[0].GetProperty("pid").GetInt32());
        Assert.Equal("1.2.3+abc", nodes[0].GetProperty("version").GetString());

        var targets = (await api.GetAsync("/internal/prometheus/targets", Token)).Is(HttpStatusCode.OK);
        Assert.Equal("application/json", targets.ContentType);
        var here = api.Root.Authority;
        Assert.Equal(
            [("api", here, "/metrics"), ("realtime", "node-1", "/internal/nodes/node-1/metrics"), ("realtime", "node-2", "/internal/nodes/node-2/metrics")],
            targets.Json.EnumerateArray().Select(target => (
                Label(target, "job"), Label(target, "instance"), Label(target, "__metrics_path__"))));
        Assert.All(targets.Json.EnumerateArray(), target => Assert.Equal(here, target.GetProperty("targets")[0].GetString()));

        var metrics = (await api.GetAsync("/internal/nodes/node-1/metrics", Token)).Is(HttpStatusCode.OK);
        Assert.Equal("websocket_connections_total{type=\"widget\"} 3\n", metrics.Text);
        Assert.Equal("text/plain", metrics.ContentType);
        (await api.GetAsync("/internal/nodes/node-2/metrics", Token)).IsProblem(502, "node_unreachable");
        (await api.GetAsync("/internal/nodes/node-3/metrics", Token)).IsProblem(404, "node_not_found");
        (await api.GetAsync("/internal/nodes/..%2f..%2fmetrics/metrics", Token)).IsProblem(404, "node_not_found");
        (await api.GetAsync("/internal/nodes/node-1/metrics")).IsProblem(401, "unauthorized");
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("floods")]
    [InlineData("fails")]
    [InlineData("redirects")]
    public async Task A_node_that_misbehaves_is_a_problem_in_bounded_time(string how)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(redis.ConnectionString);
        await using var node = await StartNodeAsync(async context =>
        {
            switch (how)
            {
                case "hangs":
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                case "floods":
                    for (var i = 0; i < 200 && !context.RequestAborted.IsCancellationRequested; i++)
                    {
                        await context.Response.Body.WriteAsync(new byte[100_000]);
                    }

                    break;
                case "fails":
                    context.Response.StatusCode = 500;
                    break;
                default:
                    context.Response.Redirect(api.Root.AbsoluteUri);
                    break;
            }
        });
        await RegisterAsync(api, "node-1", new Uri(node.Urls.Single()));

        (await api.GetAsync("/internal/nodes/node-1/metrics")).IsProblem(502, "node_unreachable");
        if (how != "floods")
        {
            // The lease may have run out by now.
            await RegisterAsync(api, "node-1", new Uri(node.Urls.Single()));
            (await api.PostAsync("/internal/nodes/node-1/drain", null)).IsProblem(502, "node_unreachable");
        }
    }

    [Theory]
    [InlineData(409, 409, "node_stopping")]
    [InlineData(401, 502, "node_refused")]
    public async Task Why_a_node_does_not_do_as_told_is_told(int answered, int status, string code)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(redis.ConnectionString);
        await using var node = await StartNodeAsync(context =>
        {
            context.Response.StatusCode = answered;
            return Task.CompletedTask;
        });
        await RegisterAsync(api, "node-1", new Uri(node.Urls.Single()));

        (await api.PostAsync("/internal/nodes/node-1/undrain", null)).IsProblem(status, code);
    }

    [Fact]
    public async Task A_node_is_drained_and_put_back_through_the_service()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(redis.ConnectionString, new Dictionary<string, string?>
        {
            ["Metrics:Token"] = Token,
            ["Operations:Token"] = OperationsToken,
        });
        var asked = new ConcurrentQueue<string>();
        await using var node = await StartNodeAsync(async context =>
        {
            asked.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
            var drains = context.Request.Path == "/internal/drain";
            context.Response.StatusCode = drains ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"node":"node-1","draining":{{(drains ? "true" : "false")}},"sockets":7}""");
        });
        await RegisterAsync(api, "node-1", new Uri(node.Urls.Single()));
        await RegisterAsync(api, "node-2", new Uri($"http://127.0.0.1:{FreePort.Next()}"));

        foreach (var command in (string[])["drain", "undrain"])
        {
            // What may scrape may not drain.
            (await api.PostAsync($"/internal/nodes/node-1/{command}", null)).IsProblem(401, "unauthorized");
            (await api.PostAsync($"/internal/nodes/node-1/{command}", null, Token)).IsProblem(401, "unauthorized");
            (await api.PostAsync($"/internal/nodes/node-3/{command}", null, OperationsToken)).IsProblem(404, "node_not_found");
            (await api.PostAsync($"/internal/nodes/node-2/{command}", null, OperationsToken)).IsProblem(502, "node_unreachable");
            (await api.GetAsync($"/internal/nodes/node-1/{command}", OperationsToken)).IsProblem(405, "method_not_allowed");
        }

        Assert.Empty(asked);

        var drained = (await api.PostAsync("/internal/nodes/node-1/drain", null, OperationsToken)).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal(("node-1", true, 7), (drained.GetProperty("node").GetString(), drained.GetProperty("draining").GetBoolean(), drained.GetProperty("sockets").GetInt32()));
        var back = (await api.PostAsync("/internal/nodes/node-1/undrain", null, OperationsToken)).Is(HttpStatusCode.OK).Json;
        Assert.False(back.GetProperty("draining").GetBoolean());
        Assert.Equal([$"POST /internal/drain Bearer {OperationsToken}", $"POST /internal/undrain Bearer {OperationsToken}"], asked);
    }

    private static string? Label(System.Text.Json.JsonElement target, string name) => target.GetProperty("labels").GetProperty(name).GetString();

    // The lease is longer than the test of a hanging node takes to fail.
    private static Task RegisterAsync(TestApi api, string id, Uri address) =>
        api.Services.GetRequiredService<NodeRegistry>().RenewAsync(
            new NodeReport(id, address, "here", 4711, DateTimeOffset.UnixEpoch.AddSeconds(id[^1]), Ready: true, AdminConnections: 3, SiteConnections: 1, Version: "1.2.3+abc"),
            NodeDialogs.None,
            dialogsChanged: true,
            TestTimeout.Token());

    private static async Task<WebApplication> StartNodeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestTimeout.Token());
        return app;
    }
}
