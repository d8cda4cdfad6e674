using System.Net.WebSockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using ReplyX.LocalHosting.Proxy;
using ReplyX.LocalHosting.Tests.Support;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests;

/// <summary>Two replicas behind one address.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Connections_Are_Spread_Evenly_Over_The_Replicas()
    {
        await using var app = await Host.StartAsync();
        var sockets = new List<(ClientWebSocket Socket, int ProcessId)>();
        for (var i = 0; i < 10; i++)
        {
            sockets.Add(await Sockets.ConnectAsync(SocketAddress(app)));
        }

        Assert.Equal([5, 5], sockets.GroupBy(socket => socket.ProcessId).Select(group => group.Count()));
        Assert.All(sockets, socket => Assert.Contains(socket.ProcessId, new[] { app.ProcessIdOf("second-1"), app.ProcessIdOf("second-2") }));
        sockets.ForEach(socket => socket.Socket.Dispose());
    }

    [Fact]
    public async Task A_Kept_Connection_Keeps_Its_Replica()
    {
        await using var app = await Host.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = app.GetEndpoint("second") };
        var ids = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await client.GetStringAsync("/pid", TestContext.Current.CancellationToken));
        }

        Assert.Single(ids);
    }

    [Fact]
    public async Task A_Dead_Replica_Is_Passed_Over_At_Once_And_The_Others_Sockets_Live()
    {
        await using var app = await Host.StartAsync();
        var (one, oneId) = await Sockets.ConnectAsync(SocketAddress(app));
        var (two, twoId) = await Sockets.ConnectAsync(SocketAddress(app));
        Assert.NotEqual(oneId, twoId);

        System.Diagnostics.Process.GetProcessById(oneId).Send(Signal.Kill);

        // From the very moment of the kill, whether the engine has noticed it or not.
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            using var client = app.CreateHttpClientOfItsOwn("second");
            return await client.GetStringAsync("/pid", TestContext.Current.CancellationToken);
        }));
        Assert.Equal([$"{twoId}"], answers.Distinct());
        using var poster = app.CreateHttpClientOfItsOwn("second");
        using var posted = await poster.PostAsync("/length", new ByteArrayContent(new byte[100_000]), TestContext.Current.CancellationToken);
        Assert.Equal("100000", await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("still here", await two.EchoAsync("still here"));
        one.Dispose();
        two.Dispose();
    }

    [Fact]
    public async Task A_Replica_That_Comes_Back_Is_Used_Again()
    {
        await using var app = await Host.StartAsync();
        var (socket, id) = await Sockets.ConnectAsync(SocketAddress(app));
        var other = app.ProcessIdOf("second-1") == id ? "second-2" : "second-1";
        var before = app.ProcessIdOf(other);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(other, "restart", TestTimeout.Token())).Success);
        await app.HealthyAgainAsync("second");

        var after = app.ProcessIdOf(other);
        Assert.NotEqual(before, after);
        var (fresh, freshId) = await Sockets.ConnectAsync(SocketAddress(app));
        Assert.Equal(after, freshId);
        Assert.Equal("through", await socket.EchoAsync("through"));
        fresh.Dispose();
        socket.Dispose();
    }

    [Fact]
    public async Task Without_Any_Replica_The_Answer_Is_503()
    {
        await using var app = await Host.StartAsync();
        foreach (var replica in (string[])["second-1", "second-2"])
        {
            Assert.True((await app.ResourceCommands.ExecuteCommandAsync(replica, "stop", TestTimeout.Token())).Success);
        }

        using var client = app.CreateHttpClient("second");
        using var response = await client.GetAsync("/pid", TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task The_Host_Header_Reaches_The_Replica_As_It_Was_Sent()
    {
        await using var app = await Host.StartAsync();
        using var client = app.CreateHttpClient("second");

        Assert.Equal(app.GetEndpoint("second").Authority, await client.GetStringAsync("/host", TestContext.Current.CancellationToken));
    }

    /// <summary>YARP's own limit is 100 s, too long to wait for here.</summary>
    [Fact]
    public void An_Idle_Socket_Is_Never_Cut() => Assert.Equal(Timeout.InfiniteTimeSpan, ReplicaProxy.NoIdleTimeout.ActivityTimeout);

    private static Uri SocketAddress(DistributedApplication app) => new UriBuilder(app.GetEndpoint("second")) { Scheme = "ws", Path = "/socket" }.Uri;
}
