using System.Diagnostics;
using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>
/// Which handshakes are recorded of those that come with a trace: the same whether the server sees them or not. Not beside other tests
/// of spans, since sources have no owner.
/// </summary>
[Collection(nameof(TracingTests))]
public sealed class HandshakeSamplingTests
{
    [Theory]
    [InlineData(true, "1", "00", true)]
    [InlineData(true, "0", "00", false)]
    [InlineData(true, "0", "01", true)]
    [InlineData(false, "1", "00", true)]
    [InlineData(false, "0", "00", false)]
    [InlineData(false, "0", "01", true)]
    public async Task A_handshake_is_recorded_by_the_ratio_or_since_its_caller_records_it(bool direct, string ratio, string flags, bool recorded)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var spans = new Spans();
        await using var node = await RealtimeNode.StartAsync(
            redis,
            spans.AddTo,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Spans.NoCollector),
            ("Realtime:DirectUpgrades", direct ? "true" : "false"),
            ("Tracing:SampleRatio", ratio));
        var (dialog, token) = await node.OpenDialogAsync();
        var (trace, parent) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        using var http = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("replyx.v1");
        socket.Options.AddSubProtocol($"replyx.token.{token}");
        socket.Options.SetRequestHeader("traceparent", $"00-{trace}-{parent}-{flags}");

        await socket.ConnectAsync(new UriBuilder(node.Url) { Scheme = "ws", Path = $"/ws/widget/dialogs/{dialog.DialogId}" }.Uri, http, TestTimeout.Token());
        await node.StopAsync();

        var handshakes = spans.All.Where(span => span is { Recorded: true, Kind: ActivityKind.Server } && span.TraceId == trace).ToList();
        Assert.Equal(recorded ? [parent] : [], handshakes.Select(span => span.ParentSpanId));
    }
}
