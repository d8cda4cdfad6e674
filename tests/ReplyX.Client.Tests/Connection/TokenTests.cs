using System.Collections.Concurrent;
using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Connection;

public sealed class TokenTests : ConnectionTest
{
    private readonly ConcurrentQueue<TokenNeed> _needs = new();

    [Fact]
    public async Task An_Expired_Token_Is_Renewed_For_The_Next_Socket()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.CloseAsync(4001);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, tokens: CountingTokens));
        await watcher.NextAsync<DisconnectedEvent>();
        await watcher.NextAsync<ConnectedEvent>();

        Assert.Equal([TokenNeed.First, TokenNeed.Expired], _needs);
        Assert.Equal(["t1", "t2"], Server.Sockets.Select(s => s.Token));
    }

    [Fact]
    public async Task A_Token_Refused_Before_The_Upgrade_Is_Renewed_Once()
    {
        Server.ThenRefuse(401);
        await using (var watcher = await Watcher.ConnectAsync(Quick.Options(Server, tokens: CountingTokens)))
        {
            Assert.Equal(["t2"], Server.Sockets.Select(s => s.Token));
        }

        Server.ThenRefuse(401).ThenRefuse(401);
        await using var refused = new Watcher(Quick.Options(Server, tokens: CountingTokens));
        var thrown = await Assert.ThrowsAsync<ReplyXConnectionException>(
            () => refused.Connection.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ConnectionEndReason.AuthenticationFailed, thrown.End.Reason);
    }

    [Fact]
    public async Task An_Expiring_Token_Is_Replaced_On_The_Open_Socket()
    {
        var refreshed = new TaskCompletionSource<string>();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.SendAsync("""{"type":"token_expiring"}""");
            refreshed.SetResult((await s.ReceiveAsync("refresh")).GetProperty("token").GetString()!);
            await s.CloseAsync(1012);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, tokens: CountingTokens));

        Assert.Equal("t2", await Wait.For(refreshed.Task, "the new token"));
        await watcher.NextAsync<DisconnectedEvent>();
        await watcher.NextAsync<ConnectedEvent>();
        Assert.Equal([TokenNeed.First, TokenNeed.Expiring], _needs);
        Assert.Equal(["t1", "t2"], Server.Sockets.Select(s => s.Token));
    }

    [Fact]
    public async Task A_Provider_That_Fails_Is_Asked_Again_And_One_Without_A_Token_Ends_It()
    {
        var calls = 0;
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(
            Server, tokens: (_, _) => ++calls < 3 ? throw new HttpRequestException("down") : ValueTask.FromResult<string?>("t")));
        Assert.Equal(3, calls);

        await using var none = new Watcher(Quick.Options(Server, tokens: (_, _) => ValueTask.FromResult<string?>(null)));
        var thrown = await Assert.ThrowsAsync<ReplyXConnectionException>(
            () => none.Connection.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ConnectionEndReason.AuthenticationFailed, thrown.End.Reason);
    }

    [Fact]
    public async Task A_Token_That_No_Header_Could_Carry_Is_Never_Sent()
    {
        await using var watcher = new Watcher(Quick.Options(Server, tokens: (_, _) => ValueTask.FromResult<string?>("a b\r\nX: y")));

        await Assert.ThrowsAsync<ReplyXConnectionException>(() => watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Server.Sockets);
    }

    [Fact]
    public async Task No_Token_Cursor_Or_Text_Reaches_A_Log()
    {
        Server.ThenRefuse(503);
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "5-canary5");
            await s.SendAsync("canary, no JSON");
            await s.SendAsync("""{"type":"token_expiring"}""");
            await s.ReceiveAsync("refresh");
            s.Cut();
        });
        var log = new RecordingLogger();
        var calls = 0;
        await using (var watcher = await Watcher.ConnectAsync(
            Quick.Options(Server, tokens: (_, _) => calls++ == 0 ? throw new InvalidOperationException("canary") : ValueTask.FromResult<string?>("canary")),
            log))
        {
            await watcher.NextAsync<ConnectedEvent>();
            await watcher.NextAsync<ConnectedEvent>();
            await watcher.Connection.SendAsync("canary", "canary", TestContext.Current.CancellationToken);
        }

        Assert.True(log.Lines.Count > 4, "hardly anything was logged");
        Assert.DoesNotContain(log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    private ValueTask<string?> CountingTokens(TokenNeed need, CancellationToken cancellationToken)
    {
        _needs.Enqueue(need);
        return ValueTask.FromResult<string?>(need == TokenNeed.First ? "t1" : "t2");
    }
}
