using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Each limit has its answer.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("SocketsPerDialog", "3", 1013, null)]
    [InlineData("SocketsPerPrincipal", "3", 1013, null)]
    [InlineData("SocketsPerAddress", "3", null, "429")]
    [InlineData("SocketsPerPool", "3", null, "503")]
    [InlineData("SocketsPerNode", "3", null, "503")]
    public async Task One_socket_too_many_gets_the_limits_answer_and_a_free_place_is_given_again(
        string limit, string value, int? closeCode, string? status)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ($"Limits:{limit}", value), ("Limits:OperatorReserve", "0"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        List<TestSocket> open = [];
        for (var i = 0; i < 3; i++)
        {
            open.Add((await TestSocket.OpenAsync(node.Url, path, token)).Socket);
        }

        if (closeCode is { } code)
        {
            await using var refused = await TestSocket.ConnectAsync(node.Url, path, token);
            Assert.Equal(code, await refused.ReceiveCloseAsync());
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(node.Url, path, token));
            Assert.Contains(status!, refusal.Message, StringComparison.Ordinal);
        }

        await open[0].CloseAsync();
        await AssertAdmittedSoonAsync(node, path, token);
        foreach (var socket in open)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_flood_of_widgets_does_not_shut_operators_out()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Limits:SocketsPerPool", "10"), ("Limits:SocketsPerNode", "10"), ("Limits:OperatorReserve", "0.2"));
        List<TestSocket> widgets = [];
        for (var i = 0; i < 8; i++)
        {
            var (dialog, token) = await node.OpenDialogAsync();
            widgets.Add((await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket);
        }

        var (last, lastToken) = await node.OpenDialogAsync();
        await Assert.ThrowsAsync<WebSocketException>(() =>
            TestSocket.ConnectAsync(node.Url, $"/ws/widget/dialogs/{last.DialogId}", lastToken));
        await using var person = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        foreach (var widget in widgets)
        {
            await widget.DisposeAsync();
        }
    }

    [Fact]
    public async Task Connects_that_come_too_fast_are_refused_with_429()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:ConnectBurst", "3"), ("Limits:ConnectsPerSecond", "1"));
        var refused = 0;
        for (var i = 0; i < 10; i++)
        {
            try
            {
                await using var socket = await TestSocket.ConnectAsync(node.Url, "/ws/dialogs", "nonsense");
            }
            catch (WebSocketException exception) when (exception.Message.Contains("429", StringComparison.Ordinal))
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 7);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_visitors_are_counted_by_their_own_addresses()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Limits:ConnectBurst", "1"), ("Limits:ConnectsPerSecond", "1"), ("Proxies:Trusted:0", "127.0.0.0/8"));
        using var http = new HttpClient { BaseAddress = node.Url };

        var tries = 0;
        while (await ConnectAsync("192.0.2.1") != HttpStatusCode.TooManyRequests)
        {
            Assert.True(++tries < 50, "50 connects from one address were not too many");
        }

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await ConnectAsync("192.0.2.2"));

        async Task<HttpStatusCode> ConnectAsync(string visitor)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ws/dialogs");
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
            request.Headers.Add("X-Forwarded-For", visitor);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestTimeout.Token());
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Messages_that_come_too_fast_close_with_4008()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:FrameBurst", "5"), ("Limits:FramesPerSecond", "1"));
        await using var socket = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        for (var i = 0; i < 30; i++)
        {
            await socket.SendAsync("__ping__");
        }

        Assert.Equal(4008, await socket.ReceiveCloseAsync());
    }

    // The place is free when the node has seen the end, which is not when the client has.
    private static async Task AssertAdmittedSoonAsync(RealtimeNode node, string path, string token)
    {
        var deadline = TestTimeout.Token();
        while (true)
        {
            try
            {
                await using var socket = await TestSocket.ConnectAsync(node.Url, path, token);
                if (await socket.TryReceiveAsync() is not null)
                {
                    return;
                }
            }
            catch (WebSocketException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(20, deadline);
            }
        }
    }
}
