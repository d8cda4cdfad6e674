using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>Holds for Aspire's client and for the stand-in alike.</summary>
public sealed class RedisClientTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Readiness_follows_the_server(RedisKind kind)
    {
        await using var redis = await RedisServer.StartAsync(kind);
        await using var service = await StartAsync(redis);
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(service));

        await redis.KillAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(service));

        var restored = new TaskCompletionSource();
        service.Services.GetRequiredService<IConnectionMultiplexer>().ConnectionRestored += (_, connection) =>
        {
            if (connection.ConnectionType == ConnectionType.Interactive)
            {
                restored.TrySetResult();
            }
        };
        await redis.RestartAsync();
        await restored.Task.Within("the client to reconnect");
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(service));
    }

    /// <summary>One that lives answers a PING, and serves nothing.</summary>
    [Fact]
    public async Task A_service_is_not_ready_while_a_cluster_serves_no_slot_of_a_master()
    {
        await using var cluster = await ClusterServers.StartAsync(nodeTimeout: TimeSpan.FromSeconds(1));
        await using var service = await TestService.StartAsync(new() { ["ConnectionStrings:redis"] = cluster.ConnectionString }, Add);
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(service));

        // Without a majority nobody takes their places.
        foreach (var master in (await cluster.FindMastersAsync()).Take(2))
        {
            await master.KillAsync();
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(service));
        }
    }

    [Fact]
    public async Task A_service_starts_before_its_redis()
    {
        await using var service = await TestService.StartAsync(
            new() { ["ConnectionStrings:redis"] = $"127.0.0.1:{FreePort.Next()},connectTimeout=200" }, Add);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(service));
    }

    [Fact]
    public async Task Commands_become_spans_under_the_request_without_keys_or_values()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Garnet);
        await using var service = await StartAsync(redis, app => app.MapGet("/set", async (IConnectionMultiplexer client) =>
        {
            await client.GetDatabase().StringSetAsync("canary-key", "canary-value");
            return "ok";
        }));

        await service.Client.GetStringAsync(new Uri("/set", UriKind.Relative), TestContext.Current.CancellationToken);

        var span = await service.Spans.WaitForAsync(span => span.Kind == ActivityKind.Client && span.DisplayName == "SET", TestTimeout.Token());
        var request = await service.Spans.WaitForAsync(span => span.GetTagItem("url.path") is "/set", TestTimeout.Token());
        Assert.Equal(request.SpanId, span.ParentSpanId);
        Assert.Equal("redis", span.GetTagItem("db.system.name") ?? span.GetTagItem("db.system"));
        Assert.DoesNotContain("canary", string.Join(' ', span.TagObjects), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_and_tracing_can_be_left_out()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Garnet);
        await using var service = await TestService.StartAsync(
            new()
            {
                ["ConnectionStrings:redis"] = redis.ConnectionString,
                ["Aspire:StackExchange:Redis:DisableHealthChecks"] = "true",
                ["Aspire:StackExchange:Redis:redis:DisableTracing"] = "true",
            },
            Add);

        await redis.KillAsync();

        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(service));
    }

    [Fact]
    public void Settings_come_from_the_section_then_the_name_then_the_connection_string_then_the_code()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Aspire:StackExchange:Redis:ConnectionString"] = "shared:1",
            ["Aspire:StackExchange:Redis:redis:ConnectionString"] = "named:1",
            ["Aspire:StackExchange:Redis:redis:ConfigurationOptions:ConnectTimeout"] = "100",
            ["Aspire:StackExchange:Redis:ConfigurationOptions:ClientName"] = "shared-name",
            ["ConnectionStrings:redis"] = "127.0.0.1:1",
        });
        ConfigurationOptions? seen = null;
        builder.AddRedisClient("redis", settings => Assert.Equal("127.0.0.1:1", settings.ConnectionString), options =>
        {
            options.ConnectTimeout = options.ConnectTimeout == 100 ? 101 : options.ConnectTimeout;
            seen = options;
        });

        using var host = builder.Build();
        using var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();

        Assert.Equal(("127.0.0.1:1", 101, "shared-name", false), (seen!.EndPoints.Single().ToString(), seen.ConnectTimeout, seen.ClientName, seen.AbortOnConnectFail));
    }

    [Fact]
    public void Without_a_connection_string_the_failure_names_the_setting()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddRedisClient("redis");
        using var host = builder.Build();

        var failure = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());

        Assert.Contains("ConnectionStrings:redis", failure.Message, StringComparison.Ordinal);
    }

    // FailFast as the services have it: a health check then says at once that there is no connection.
    private static void Add(WebApplicationBuilder builder) =>
        builder.AddRedis("redis", options => options.BacklogPolicy = BacklogPolicy.FailFast);

    private static Task<TestService> StartAsync(RedisServer redis, Action<WebApplication>? map = null) =>
        TestService.StartAsync(new() { ["ConnectionStrings:redis"] = redis.ConnectionString }, Add, map);

    private static async Task<HttpStatusCode> ReadyAsync(TestService service)
    {
        using var response = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
