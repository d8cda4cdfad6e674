using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Connection;

public sealed class EndingTests : ConnectionTest
{
    [Theory]
    [InlineData(1000, ConnectionEndReason.ClosedByServer)]
    [InlineData(4002, ConnectionEndReason.AuthenticationFailed)]
    [InlineData(4003, ConnectionEndReason.OriginRefused)]
    [InlineData(4004, ConnectionEndReason.DialogNotFound)]
    public async Task A_Final_Code_Ends_It(int code, ConnectionEndReason reason)
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.CloseAsync(code);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var end = await watcher.EndAsync();

        Assert.Equal((reason, code), (end.Reason, end.CloseCode));
        Assert.Equal(ConnectionState.Ended, watcher.Connection.State);
        Assert.Single(Server.Sockets);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(1009)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(4008)]
    [InlineData(4010)]
    [InlineData(4999)]
    public async Task Any_Other_Code_Is_Retried(int code)
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "5-ab");
            await s.CloseAsync(code);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var lost = await watcher.NextAsync<DisconnectedEvent>();
        await watcher.NextAsync<ConnectedEvent>();

        Assert.Equal(code, lost.CloseCode);
        Assert.Equal([null, "5-ab"], Server.Sockets.Select(s => s.Cursor));
    }

    [Theory]
    [InlineData(400, ConnectionEndReason.Refused)]
    [InlineData(403, ConnectionEndReason.OriginRefused)]
    [InlineData(404, ConnectionEndReason.DialogNotFound)]
    public async Task A_Refusal_Before_The_Upgrade_That_Nothing_Changes_Ends_It(int status, ConnectionEndReason reason)
    {
        Server.ThenRefuse(status);
        await using var watcher = new Watcher(Quick.Options(Server));

        var thrown = await Assert.ThrowsAsync<ReplyXConnectionException>(
            () => watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken));

        Assert.Equal((reason, status), (thrown.End.Reason, thrown.End.HttpStatus));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_Busy_Server_Is_Given_The_Time_It_Asks_For(int status)
    {
        var time = new WatchedTime();
        Server.ThenRefuse(status, "7");
        await using var watcher = new Watcher(Quick.Options(Server, time: time));
        watcher.Read();
        var connecting = watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken);

        var lost = await watcher.NextAsync<DisconnectedEvent>();
        Assert.Equal((status, TimeSpan.FromSeconds(7)), (lost.HttpStatus!.Value, lost.RetryIn));
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Empty(Server.Sockets);
        time.Advance(TimeSpan.FromSeconds(0.1));

        await Wait.For(connecting, "the connection");
    }

    [Fact]
    public async Task A_Restarting_Server_Says_When_To_Come_Back()
    {
        var time = new WatchedTime();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "5-ab");
            await s.SendAsync("""{"type":"reconnect","delay_ms":1750}""");
            await s.CloseAsync(1012);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));

        var lost = await watcher.NextAsync<DisconnectedEvent>();
        Assert.Equal((1012, TimeSpan.FromMilliseconds(1750)), (lost.CloseCode!.Value, lost.RetryIn));
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(1750));
        time.Advance(TimeSpan.FromMilliseconds(1750));
        await watcher.NextAsync<ConnectedEvent>();
    }

    [Fact]
    public async Task A_Server_That_Is_Not_There_Is_Tried_Again()
    {
        var time = new WatchedTime();
        var nobody = new Uri("ws://127.0.0.1:1/ws/dialogs/7");
        await using var watcher = new Watcher(new ReplyXConnectionOptions
        {
            Url = nobody,
            TokenProvider = (_, _) => ValueTask.FromResult<string?>("a.b.c"),
            TimeProvider = time,
        });
        watcher.Read();
        var connecting = watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken);

        for (var i = 0; i < 3; i++)
        {
            var lost = await watcher.NextAsync<DisconnectedEvent>();
            Assert.Equal((null, null), (lost.CloseCode, lost.HttpStatus));
            await time.WaitForTimerAsync(lost.RetryIn);
            time.Advance(lost.RetryIn);
        }

        Assert.False(connecting.IsCompleted);
    }

    [Fact]
    public async Task Closing_Says_Goodbye_And_Fails_What_Was_Not_Answered()
    {
        var received = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            received.SetResult();
            await s.StayOpenAsync();
        });
        var watcher = await Watcher.ConnectAsync(Quick.Options(Server));
        var sending = watcher.Connection.SendAsync("never answered", "k1", TestContext.Current.CancellationToken);
        await Wait.For(received.Task, "the message");

        await Wait.For(watcher.Connection.CloseAsync(), "closing");

        var result = await sending;
        Assert.Equal((SendErrorCodes.ConnectionEnded, true), (result.Error!.Code, result.Error.MayBeStored));
        Assert.Equal(ConnectionEndReason.ClosedByClient, (await watcher.EndAsync()).Reason);
        Assert.Equal(1000, Assert.Single(Server.Sockets).ClosedWith);
        Assert.Equal(SendErrorCodes.ConnectionEnded, (await watcher.Connection.SendAsync("late", null, TestContext.Current.CancellationToken)).Error!.Code);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Closing_Does_Not_Wait_For_A_Server_That_Does_Not_Answer()
    {
        var release = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await release.Task;
        });
        var time = new WatchedTime();
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));

        var closing = watcher.Connection.CloseAsync();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        Assert.False(closing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        await Wait.For(closing, "closing");
        release.SetResult();
    }

    [Fact]
    public async Task Closing_Before_Connecting_Ends_It()
    {
        var connection = new ReplyXConnection(Quick.Options(Server));

        await connection.CloseAsync();

        Assert.Equal(ConnectionEndReason.ClosedByClient, connection.End!.Reason);
        Assert.Empty(Server.Sockets);
    }
}
