using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class MetricsTests
{
    [Fact]
    public async Task A_node_exposes_what_dashboards_build_on_by_these_very_names()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "16"), ("Realtime:PositionCheckInterval", "00:00:01"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token, "0-0")).Socket;
        await socket.ReceiveAsync("the welcome");
        await node.SayAsync(dialog, "hello");
        await socket.ReceiveAsync("a live event");
        await using (var refused = await TestSocket.ConnectAsync(node.Url, path, "forged"))
        {
            await refused.ReceiveCloseAsync();
        }

        var leaving = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        await leaving.CloseAsync();
        await leaving.DisposeAsync();
        node.Service<ReplyX.Realtime.Telemetry.RealtimeMetrics>().SlowConsumer("widget");
        node.Service<ReplyX.Realtime.Telemetry.RealtimeMetrics>().Gap("missed");

        using var http = new HttpClient { BaseAddress = node.Url };
        var text = await http.GetStringAsync("/metrics", TestTimeout.Token());
        var families = text.Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2]);

        Assert.Superset(new SortedSet<string>(ExposedMetrics.Realtime), new SortedSet<string>(families));
        Assert.Contains("websocket_connections_total{type=\"widget\"} ", text, StringComparison.Ordinal);
        Assert.Contains("websocket_messages_sent_total{type=\"widget\"} ", text, StringComparison.Ordinal);
        Assert.Contains("websocket_connection_errors_total{error_type=\"auth\"} 1", text, StringComparison.Ordinal);
    }
}
