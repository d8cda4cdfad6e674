using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>A stop says its last words to a collector that listens, and does not wait for one that does not.</summary>
public sealed class StopTests
{
    // What a dead collector may add to a stop. The flush takes at most 2 s of it, the rest is for a busy machine; unbounded it was 10 s
    // and more.
    private static readonly TimeSpan _allowance = TimeSpan.FromSeconds(6);

    // Whatever the environment asks for, and nothing leaves before the stop.
    private static readonly Dictionary<string, string> _patient = new()
    {
        ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
        ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000",
        ["OTEL_BSP_EXPORT_TIMEOUT"] = "60000",
        ["OTEL_BLRP_EXPORT_TIMEOUT"] = "60000",
        ["OTEL_METRIC_EXPORT_TIMEOUT"] = "60000",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "600000",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "600000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "600000",
    };

    [Theory]
    [InlineData("Api", "refuses")]
    [InlineData("Api", "is silent")]
    [InlineData("Realtime", "refuses")]
    [InlineData("Realtime", "is silent")]
    public async Task A_dead_collector_does_not_hold_up_a_stop(string service, string collector)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = collector == "refuses" ? FreePort.Next() : ((IPEndPoint)silent.LocalEndpoint).Port;

        var baseline = await StopAsync(service, redis, []);
        var stop = await StopAsync(service, redis, new(_patient)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        });

        Assert.True(stop - baseline < _allowance, $"{stop.TotalSeconds:0.0} s to stop, and {baseline.TotalSeconds:0.0} s without a collector");
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Realtime")]
    public async Task An_export_that_is_under_way_does_not_hold_up_a_stop(string service)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var baseline = await StopAsync(service, redis, []);

        var stop = await StopAsync(
            service,
            redis,
            new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            },
            before: async _ =>
            {
                var export = await silent.AcceptSocketAsync(TestTimeout.Token());
                Assert.True(await export.ReceiveAsync(new byte[1], TestTimeout.Token()) > 0);
            });

        Assert.True(stop - baseline < _allowance, $"{stop.TotalSeconds:0.0} s to stop, and {baseline.TotalSeconds:0.0} s without a collector");
    }

    [Theory]
    [InlineData("Api", "GET /alive HTTP/1.1\r\nHo")]
    [InlineData("Api", "POST /api/widget/dialogs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")]
    [InlineData("Realtime", "GET /alive HTTP/1.1\r\nHo")]
    public async Task A_request_that_is_never_finished_does_not_hold_up_a_stop(string service, string request)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var baseline = await StopAsync(service, redis, []);
        using var half = new Socket(SocketType.Stream, ProtocolType.Tcp);

        var stop = await StopAsync(
            service,
            redis,
            [],
            before: async address =>
            {
                await half.ConnectAsync(address.Host, address.Port);
                await half.SendAsync(Encoding.ASCII.GetBytes("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n" + request));

                // The first of the two is answered, so the second is begun.
                Assert.True(await half.ReceiveAsync(new byte[1], TestTimeout.Token()) > 0);
            });

        Assert.True(stop - baseline < _allowance, $"{stop.TotalSeconds:0.0} s to stop, and {baseline.TotalSeconds:0.0} s without it");
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Realtime")]
    public async Task A_live_collector_gets_what_there_was_at_the_stop(string service)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var collector = await OtlpCollector.StartAsync();
        var path = $"/nowhere-{Guid.NewGuid():N}";

        await StopAsync(
            service,
            redis,
            new(_patient)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            path);

        Assert.True(collector.Has("traces", path), "the span of the last request");
        Assert.True(collector.Has("metrics", "http.server.request.duration"), "the metrics of the last request");
        Assert.True(collector.Has("logs", "Application is shutting down"), "the last log line");
    }

    private static async Task<TimeSpan> StopAsync(
        string name, RedisServer redis, Dictionary<string, string> telemetry, string path = "/nowhere", Func<Uri, Task>? before = null)
    {
        await using var service = new ServiceProcess(
            name,
            Path.Combine(AppContext.BaseDirectory, $"ReplyX.{name}.dll"),
            new Dictionary<string, string>(telemetry)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__redis"] = redis.ConnectionString,
                ["Tokens__SigningKey"] = "a key for tests that is long enough",
                ["Demo__OperatorPassword"] = "a-password-of-the-demo",
                ["Realtime__PublicUrl"] = "http://localhost:5090",
                ["Realtime__DrainWindow"] = "00:00:00",
            });
        await service.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(service.Address, path), TestTimeout.Token());
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await (before?.Invoke(service.Address) ?? Task.CompletedTask);

        var clock = Stopwatch.StartNew();
        var exitCode = await service.StopAsync();
        Assert.True(exitCode == 0, $"{name} ended with {exitCode}; it said:\n{service.Log.Last}");
        Assert.True(!service.Log.Faults.Any(), $"{name} told of a fault; it said:\n{service.Log.Last}");
        return clock.Elapsed;
    }
}
