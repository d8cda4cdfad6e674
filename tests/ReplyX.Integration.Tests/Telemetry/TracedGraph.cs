using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>The Api and two realtime nodes, each a process of its own, that export to one collector and log all they can.</summary>
internal sealed class TracedGraph : IAsyncDisposable
{
    private const string Password = "a-password-of-the-demo";

    private readonly List<ServiceProcess> _services = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
    private readonly RedisServer _redis;
    private readonly OtlpCollector _collector;

    private TracedGraph(RedisServer redis, OtlpCollector collector) => (_redis, _collector) = (redis, collector);

    public IReadOnlyList<Uri> Nodes => [.. _services.Skip(1).Select(node => node.Address)];

    public IEnumerable<Exported> Spans => _collector.Exports("traces").SelectMany(Exported.Spans);

    public IEnumerable<Exported> Logs => _collector.Exports("logs").SelectMany(Exported.Logs);

    public static async Task<TracedGraph> StartAsync(string sampleRatio)
    {
        var graph = new TracedGraph(await RedisServer.StartAsync(RedisKind.Redis), await OtlpCollector.StartAsync());
        try
        {
            foreach (var name in (string[])["ReplyX.Api", "ReplyX.Realtime", "ReplyX.Realtime"])
            {
                graph._services.Add(await PublishedService.StartAsync(name, new Dictionary<string, string>(PublishedService.Settings(graph._redis.ConnectionString))
                {
                    ["ASPNETCORE_ENVIRONMENT"] = "Development",
                    ["Demo__OperatorPassword"] = Password,
                    ["Realtime__DrainWindow"] = "00:00:00",
                    ["Tracing__SampleRatio"] = sampleRatio,
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = graph._collector.Url,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["Logging__LogLevel__Default"] = "Trace",
                    ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
                    ["Logging__LogLevel__StackExchange.Redis"] = "Trace",

                    // What finds the exporter's queue full is thrown away, and this is more than anybody logs.
                    ["OTEL_BLRP_MAX_QUEUE_SIZE"] = "100000",
                    ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
                }));
            }

            return graph;
        }
        catch
        {
            await graph.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a text is in any span or log record that was exported.</summary>
    public bool Tells(string text) => _collector.Has("traces", text) || _collector.Has("logs", text);

    public async Task<string> SignInAsync() =>
        (await PostAsync("/api/operator/sign-in", new { login = "anna@demo.replyx.dev", password = Password })).GetProperty("token").GetString()!;

    /// <summary>Makes a call to the Api, as a browser does that is told the header.</summary>
    public async Task<JsonElement> PostAsync(string path, object body, string? token = null, string? traceParent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_services[0].Address, path)) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var answer = await _http.SendAsync(request, TestTimeout.Token());
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestTimeout.Token()));
    }

    /// <summary>Ends every process in good order, by which it exports what is left.</summary>
    public async Task StopAsync()
    {
        foreach (var service in _services)
        {
            Assert.True(await service.StopAsync() == 0, $"{service.Name} said:\n{service.Log.Last}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        _http.Dispose();
        await _collector.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
