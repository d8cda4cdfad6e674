using System.Net;
using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Draining;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class DrainTests
{
    [Fact]
    public async Task A_stopping_node_hands_its_sockets_over_and_they_miss_nothing()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var stopping = await RealtimeNode.StartAsync(redis, ("Realtime:DrainWindow", "00:00:01"));
        await using var staying = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await stopping.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var sockets = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => TestSocket.OpenAsync(stopping.Url, path, token)));
        using var stop = new CancellationTokenSource();
        var saying = Task.Run(async () =>
        {
            var said = 0;
            while (!stop.IsCancellationRequested)
            {
                await staying.SayAsync(dialog, $"{said++}");
            }

            return said;
        });

        var stopped = stopping.StopAsync();
        var moved = await Task.WhenAll(sockets.Select(async opened =>
        {
            // Each is told when to come back, and then closed with 1012.
            var (last, hint, code) = await ReadUntilClosedAsync(opened.Socket, opened.Connected.GetProperty("cursor").GetString()!);
            Assert.Equal(1012, code);
            Assert.InRange(hint, 0, 2_000);
            var (socket, connected) = await TestSocket.OpenAsync(staying.Url, path, token, last);
            Assert.True(connected.GetProperty("recovered").GetBoolean());
            return (Socket: socket, Last: last);
        }));
        await stopped.Within("the node to stop inside its window");
        await stop.CancelAsync();
        var total = await saying + 1;

        foreach (var (socket, last) in moved)
        {
            for (var seq = long.Parse(last.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture) + 1; seq <= total; seq++)
            {
                Assert.Equal(seq, (await socket.ReceiveAsync()).GetProperty("seq").GetInt64());
            }

            await socket.DisposeAsync();
        }

        Assert.Empty(stopping.Logs.Errors);
    }

    [Fact]
    public async Task A_draining_node_is_not_ready_and_refuses_sockets_while_the_cluster_stays_healthy()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var draining = await RealtimeNode.StartAsync(redis);
        await using var ready = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await draining.OpenDialogAsync();
        using var http = new HttpClient { BaseAddress = draining.Url };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", TestTimeout.Token())).StatusCode);

        draining.Service<DrainState>().Begin();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready", TestTimeout.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive", TestTimeout.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/websocket", TestTimeout.Token())).StatusCode);
        var refusal = await Assert.ThrowsAsync<WebSocketException>(() =>
            TestSocket.ConnectAsync(draining.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token));
        Assert.Contains("503", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_does_not_answer_the_goodbye_does_not_hold_the_stop_up()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:DrainWindow", "00:00:00.2"), ("Realtime:CloseTimeout", "00:00:01"));
        await using var deaf = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;

        await node.StopAsync().Within("the stop", TimeSpan.FromSeconds(30));

        Assert.Empty(node.Logs.Errors);
    }

    [Fact]
    public async Task The_drain_command_stops_the_node_in_good_order()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Metrics:Token", "a metrics token for this test"));
        await using var socket = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        using var http = new HttpClient { BaseAddress = node.Url };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/internal/drain", null, TestTimeout.Token())).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "a metrics token for this test");
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/internal/drain", null, TestTimeout.Token())).StatusCode);

        Assert.Equal("reconnect", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Equal(1012, await socket.ReceiveCloseAsync());
    }

    private static async Task<(string Last, long Hint, int Code)> ReadUntilClosedAsync(TestSocket socket, string cursor)
    {
        long hint = -1;
        while (true)
        {
            var message = await socket.TryReceiveAsync();
            if (message is not { } received)
            {
                return (cursor, hint, socket.CloseCode);
            }

            if (received.GetProperty("type").GetString() == "reconnect")
            {
                hint = received.GetProperty("delay_ms").GetInt64();
            }
            else
            {
                cursor = received.GetProperty("cursor").GetString()!;
            }
        }
    }
}
