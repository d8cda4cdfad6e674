using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>What is traced, and what is not. Alone, since sources have no owner: every service of the process would be heard.</summary>
[Collection(nameof(TracingTests))]
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
public sealed class TracingTests
{
    private static readonly Dictionary<string, string?> _noExporter = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "" };

    [Fact]
    public async Task Without_an_exporter_nobody_listens_to_our_sources()
    {
        await using var service = await TestService.StartAsync(_noExporter, map: app => app.MapGet("/asks", () =>
        {
            using var source = new ActivitySource("ReplyX.Tests");
            return source.HasListeners();
        }));

        Assert.Equal("false", await service.Client.GetStringAsync("/asks", TestTimeout.Token()));
    }

    [Theory]
    [InlineData("0", "", null, false)]
    [InlineData("1", "", null, true)]
    [InlineData("0", "", "01", true)]
    [InlineData("0", "", "00", false)]
    [InlineData("1", "", "00", true)]
    [InlineData("1", "parentbased_always_on", "00", false)]
    [InlineData("0", "always_on", null, true)]
    [InlineData("1", "parentbased_always_off", null, false)]
    public async Task A_trace_is_recorded_by_the_ratio_or_since_its_caller_records_it_unless_the_environment_decides(
        string ratio, string sampler, string? callerSays, bool recorded)
    {
        await using var service = await TestService.StartAsync(
            new() { ["Tracing:SampleRatio"] = ratio, ["OTEL_TRACES_SAMPLER"] = sampler },
            map: app => app.MapGet("/asks", () => Activity.Current is { Recorded: true }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/asks");
        if (callerSays is not null)
        {
            request.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-{callerSays}");
        }

        // The client's own span would decide in the caller's stead.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = service.Client.BaseAddress };
        using var answer = await client.SendAsync(request, TestTimeout.Token());

        Assert.Equal(recorded ? "true" : "false", await answer.Content.ReadAsStringAsync(TestTimeout.Token()));
    }

    [Fact]
    public async Task Every_service_decides_alike_on_a_trace_that_its_caller_does_not_record()
    {
        // The sampler takes an id's first half as a number. This is the one that has no absolute value.
        List<string> traces = ["80000000000000000000000000000001", .. Enumerable.Range(0, 60).Select(_ => ActivityTraceId.CreateRandom().ToHexString())];

        var one = await AskAsync(traces);
        var other = await AskAsync(traces);

        Assert.Equal(one, other);
        Assert.InRange(one.Count(isRecorded => isRecorded), 10, 50);

        // One after the other, since each would hear the other's requests.
        static async Task<List<bool>> AskAsync(List<string> traces)
        {
            await using var service = await TestService.StartAsync(
                new() { ["Tracing:SampleRatio"] = "0.5" }, map: app => app.MapGet("/asks", () => Activity.Current is { Recorded: true }));
            using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = service.Client.BaseAddress };
            List<bool> recorded = [];
            foreach (var trace in traces)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/asks");
                request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-00");
                using var answer = await client.SendAsync(request, TestTimeout.Token());
                recorded.Add(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestTimeout.Token()) == "true");
            }

            return recorded;
        }
    }

    [Theory]
    [InlineData("Development", 300, 300)]
    [InlineData("Production", 1, 150)]
    public async Task All_is_recorded_in_development_and_a_part_elsewhere(string environment, int least, int most)
    {
        const int Requests = 300;
        await using var service = await TestService.StartAsync(
            new() { ["Metrics:Token"] = "a-token-for-scrapes-only" },
            map: app => app.MapGet("/asks", () => Activity.Current is { Recorded: true }),
            environment: environment);
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = service.Client.BaseAddress };

        var recorded = 0;
        for (var i = 0; i < Requests; i++)
        {
            recorded += await client.GetStringAsync("/asks", TestTimeout.Token()) == "true" ? 1 : 0;
        }

        Assert.InRange(recorded, least, most);
    }

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.1")]
    [InlineData("NaN")]
    public async Task A_ratio_that_is_none_stops_the_start(string ratio)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestService.StartAsync(new(_noExporter) { ["Tracing:SampleRatio"] = ratio }));

        Assert.Contains("SampleRatio", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parentbased_always_on")]
    [InlineData("always_on")]
    public async Task Probes_and_what_the_platform_asks_of_itself_are_no_traces_nor_what_they_ask_of_others(string sampler)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var service = await TestService.StartAsync(
            new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["OTEL_TRACES_SAMPLER"] = sampler },
            builder => builder.AddRedis("redis"),
            app =>
            {
                app.MapGet("/internal/nodes/{id}/metrics", async (IConnectionMultiplexer client) =>
                {
                    await client.GetDatabase().PingAsync();
                    using var http = new HttpClient();
                    return await http.GetStringAsync(new Uri($"{app.Urls.Single()}/metrics"));
                });
                app.MapGet("/asks", async (IConnectionMultiplexer client) => (await client.GetDatabase().StringGetAsync("a")).ToString());
            });

        foreach (var path in (string[])["/health", "/health/ready", "/alive", "/metrics", "/internal/nodes/7/metrics", "/asks"])
        {
            // Not by the service's client: its own span would be one of those that are looked for.
            using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = service.Client.BaseAddress };
            using (SuppressInstrumentationScope.Begin())
            {
                using var answer = await client.GetAsync(path, TestTimeout.Token());
                answer.EnsureSuccessStatusCode();
            }
        }

        // The last of the spans: commands become spans once a second.
        var command = await service.Spans.WaitForAsync(span => span.DisplayName == "GET" && span.Source.Name == "ReplyX.Redis", TestTimeout.Token());

        var request = Assert.Single(service.Spans.All, span => span.ParentSpanId == default);
        Assert.Equal("/asks", request.GetTagItem("url.path"));
        Assert.Equal(request.SpanId, command.ParentSpanId);
        Assert.Equal(2, service.Spans.All.Count);
    }
}
