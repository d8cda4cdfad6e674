using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Nodes;
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
    public async Task A_node_without_sockets_that_stops_is_to_be_seen_draining_before_it_goes()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var settings = PublishedService.Settings(redis.ConnectionString);
        settings["Realtime__DrainNotice"] = "00:00:03";
        await using var node = await PublishedService.StartAsync("ReplyX.Realtime", settings);
        using var metrics = new NodeMetrics(node.Address);
        Assert.Equal(0, await metrics.SumAsync("websocket_draining"));

        var stopped = node.StopAsync();

        await metrics.UntilAsync("websocket_draining", "", 1, TestTimeout.Default);
        Assert.Equal(0, await stopped);
    }

    [Fact]
    public async Task Who_was_not_greeted_when_the_node_drains_is_told_by_the_close_code_alone()
    {
        const int PagesAtOnce = 64;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var (greeted, connected) = await TestSocket.OpenAsync(node.Url, path, token);

        // Its replay waits for the log: no page may be read.
        var pages = node.Service<DeliveryServices>().Pages;
        for (var i = 0; i < PagesAtOnce; i++)
        {
            await pages.WaitAsync(TestTimeout.Token());
        }

        await using var resuming = await TestSocket.ConnectAsync(node.Url, path, token, connected.GetProperty("cursor").GetString());
        node.Service<Drainer>().Drain();

        Assert.Equal("reconnect", (await greeted.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Null(await resuming.TryReceiveAsync());
        Assert.Equal(1012, resuming.CloseCode);
        pages.Release(PagesAtOnce);
        await greeted.DisposeAsync();
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

        draining.Service<Drainer>().Drain();

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
    public async Task A_node_drained_by_command_runs_on_without_sockets_until_it_is_put_back()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:DrainWindow", "00:00:00.2"));
        await using var socket = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        using var http = new HttpClient { BaseAddress = node.Url };

        var (status, state) = await CommandAsync(http, "drain");
        Assert.Equal((HttpStatusCode.Accepted, true, 1), (status, state.GetProperty("draining").GetBoolean(), state.GetProperty("sockets").GetInt32()));
        Assert.Equal(node.Service<NodeIdentity>().Id, state.GetProperty("node").GetString());
        Assert.Equal("reconnect", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Equal(1012, await socket.ReceiveCloseAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready", TestTimeout.Token())).StatusCode);
        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(node.Url, "/ws/dialogs", node.OperatorToken()));

        (status, state) = await CommandAsync(http, "undrain");
        Assert.Equal((HttpStatusCode.OK, false), (status, state.GetProperty("draining").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", TestTimeout.Token())).StatusCode);
        await using var again = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        Assert.Empty(node.Logs.Errors);
    }

    [Fact]
    public async Task A_drain_that_is_taken_back_leaves_the_sockets_that_were_not_told_to_go()
    {
        // A window that no test outlives: the first of two is closed at once, the other's turn would come after minutes.
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:DrainWindow", "00:10:00"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var opened = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TestSocket.OpenAsync(node.Url, path, token)));
        using var http = new HttpClient { BaseAddress = node.Url };

        await CommandAsync(http, "drain");
        await CommandAsync(http, "undrain");
        await node.SayAsync(dialog, "still here");

        var firsts = await Task.WhenAll(opened.Select(async entry => (await entry.Socket.ReceiveAsync()).GetProperty("type").GetString()!));
        Assert.Equal(["message", "reconnect"], firsts.Order(StringComparer.Ordinal));
        foreach (var (socket, _) in opened)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_stop_amid_a_drain_is_not_taken_back()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:DrainWindow", "00:00:01"));
        await using var socket = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        var drainer = node.Service<Drainer>();
        drainer.Drain();

        var stopped = node.StopAsync();

        Assert.False(drainer.Undrain());
        Assert.Equal("reconnect", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Equal(1012, await socket.ReceiveCloseAsync());
        await stopped.Within("the node to stop");
    }

    [Fact]
    public async Task A_node_that_is_disposed_of_amid_its_stop_lets_go_of_its_sockets()
    {
        // A peer that answers no goodbye, and a node that would wait for the answer longer than any test does.
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var node = await RealtimeNode.StartAsync(redis, ("Realtime:CloseTimeout", "00:01:00"));
        var url = node.Url;
        using var socket = await FrameSocket.OpenAndGreetAsync(url, "/ws/dialogs", node.OperatorToken());
        node.Service<IHostApplicationLifetime>().StopApplication();
        await UntilRefusedAsync(url);

        // The server waits for the socket, which a loop that has ended could not cut any more.
        await Task.Run(() => node.DisposeAsync().AsTask()).Within("the node to be disposed of");
    }

    [Fact]
    public async Task The_token_of_scrapes_drains_no_node()
    {
        const string Scrapes = "a metrics token for this test";
        const string Operations = "an operations token for this test";
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Metrics:Token", Scrapes), ("Operations:Token", Operations));
        using var http = new HttpClient { BaseAddress = node.Url };

        foreach (var token in (string?[])[null, Scrapes])
        {
            http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
            foreach (var command in (string[])["drain", "undrain"])
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync($"/internal/{command}", null, TestTimeout.Token())).StatusCode);
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics", TestTimeout.Token())).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", Operations);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics", TestTimeout.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await CommandAsync(http, "drain")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync(http, "undrain")).Status);
    }

    private static async Task<(HttpStatusCode Status, JsonElement State)> CommandAsync(HttpClient http, string command)
    {
        using var answer = await http.PostAsync($"/internal/{command}", null, TestTimeout.Token());
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token()));
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

    private static async Task UntilRefusedAsync(Uri url)
    {
        var limit = TestTimeout.Token();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(url.Host, url.Port, limit);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
