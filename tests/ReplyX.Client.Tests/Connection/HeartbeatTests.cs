using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Connection;

public sealed class HeartbeatTests : ConnectionTest
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task An_Answered_Heartbeat_Keeps_A_Quiet_Socket()
    {
        var time = new WatchedTime();
        var pings = new SemaphoreSlim(0);
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            while (await s.ReceiveAsync() is { } text)
            {
                Assert.Equal("__ping__", text);
                await s.SendAsync("__pong__");
                await s.SendAsync("""{"type":"typing_start","sender":"user"}""");
                pings.Release();
            }
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));
        await time.WaitForTimerAsync(_interval);

        for (var i = 0; i < 5; i++)
        {
            time.Advance(_interval);
            await Wait.For(pings.WaitAsync(TestContext.Current.CancellationToken), $"heartbeat {i + 1}");
            await watcher.NextAsync<TypingEvent>(); // The pong before it has been read, too.
        }

        Assert.Single(Server.Sockets);
        Assert.Equal(ConnectionState.Connected, watcher.Connection.State);
    }

    [Fact]
    public async Task Silence_For_Forty_Seconds_Is_Death()
    {
        var time = new WatchedTime();
        var pinged = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "5-ab");
            Assert.Equal("__ping__", await s.ReceiveAsync());
            pinged.SetResult();
            await release.Task;
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));
        await time.WaitForTimerAsync(_interval);

        time.Advance(_interval);
        await Wait.For(pinged.Task, "the heartbeat");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(ConnectionState.Connected, watcher.Connection.State);
        time.Advance(TimeSpan.FromSeconds(1));

        var lost = await watcher.NextAsync<DisconnectedEvent>();
        Assert.Contains("silent", lost.Reason, StringComparison.Ordinal);
        await time.WaitForTimerAsync(lost.RetryIn);
        time.Advance(lost.RetryIn);
        await watcher.NextAsync<ConnectedEvent>();
        Assert.Equal("5-ab", Server.Sockets.Last().Cursor);
        release.SetResult();
    }

    [Fact]
    public async Task The_Server_May_Ask_For_A_Shorter_Interval()
    {
        var time = new WatchedTime();
        var pinged = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0", heartbeatSeconds: 2);
            Assert.Equal("__ping__", await s.ReceiveAsync());
            pinged.SetResult();
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));

        await time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));

        await Wait.For(pinged.Task, "the heartbeat");
    }

    [Fact]
    public async Task A_Server_That_Accepts_And_Does_Not_Greet_Is_Left()
    {
        var time = new WatchedTime();
        var accepted = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        Server.Then(async s =>
        {
            accepted.SetResult();
            await release.Task;
        });
        await using var watcher = new Watcher(Quick.Options(Server, time: time));
        watcher.Read();
        var connecting = watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken);
        await Wait.For(accepted.Task, "the socket");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(15)); // The handshake's limit.
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(15)); // The greeting's.
        time.Advance(TimeSpan.FromSeconds(15));

        var lost = await watcher.NextAsync<DisconnectedEvent>();
        Assert.Contains("greet", lost.Reason, StringComparison.Ordinal);
        await time.WaitForTimerAsync(lost.RetryIn);
        time.Advance(lost.RetryIn);
        await Wait.For(connecting, "the connection");
        release.SetResult();
    }
}
