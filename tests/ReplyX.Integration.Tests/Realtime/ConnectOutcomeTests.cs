using System.Net.Http.Headers;
using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Every try to open a socket is counted once, by what came of it: what the objective for connects is reckoned from.</summary>
public sealed class ConnectOutcomeTests : IAsyncLifetime
{
    private const string Connects = "websocket_connects_total";
    private const string OperationsToken = "an operations token for this test";

    private static readonly string[] _outcomes = ["accepted", "rejected", "unavailable", "aborted"];

    private RedisServer? _redis;
    private LossyProxy? _proxy;
    private RealtimeNode? _maker;
    private ServiceProcess? _node;
    private NodeMetrics? _metrics;

    private RedisServer Redis => _redis ?? throw new InvalidOperationException("No server was started.");

    private LossyProxy Proxy => _proxy ?? throw new InvalidOperationException("No proxy was started.");

    private ServiceProcess Node => _node ?? throw new InvalidOperationException("No node was started.");

    private RealtimeNode Maker => _maker ?? throw new InvalidOperationException("No node was started.");

    private NodeMetrics Metrics => _metrics ?? throw new InvalidOperationException("No node was started.");

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(RedisKind.Redis);

        // Makes dialogs and their tokens; the node that counts is a process of its own, since an exporter reads all meters of its process.
        _maker = await RealtimeNode.StartAsync(_redis);
        _proxy = new LossyProxy(_redis.Port);
        var settings = PublishedService.Settings($"127.0.0.1:{_proxy.Port}");
        settings["Operations__Token"] = OperationsToken;
        settings["Limits__SocketsPerDialog"] = "1";
        _node = await PublishedService.StartAsync("ReplyX.Realtime", settings);
        _metrics = new NodeMetrics(_node.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        foreach (var one in (IAsyncDisposable?[])[_node, _maker, _proxy, _redis])
        {
            if (one is not null)
            {
                await one.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_socket_that_opens_is_accepted_and_one_over_its_limit_is_rejected()
    {
        var (dialog, token) = await Maker.OpenDialogAsync();
        await using var first = (await TestSocket.OpenAsync(Node.Address, Path(dialog), token)).Socket;
        await AssertCountedAsync(accepted: 1);

        await using var second = await TestSocket.ConnectAsync(Node.Address, Path(dialog), token);
        await second.ReceiveCloseAsync();
        await AssertCountedAsync(accepted: 1, rejected: 1);
    }

    [Fact]
    public async Task Whoever_may_not_in_is_rejected()
    {
        var (dialog, _) = await Maker.OpenDialogAsync();
        await using var forged = await TestSocket.ConnectAsync(Node.Address, Path(dialog), "forged");
        await forged.ReceiveCloseAsync();
        using var http = new HttpClient { BaseAddress = Node.Address };
        using var plain = await http.GetAsync(Path(dialog), TestTimeout.Token());

        await AssertCountedAsync(rejected: 2);
    }

    [Fact]
    public async Task A_node_that_drains_and_one_without_Redis_are_unavailable()
    {
        var (dialog, token) = await Maker.OpenDialogAsync();
        await CommandAsync("drain");
        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(Node.Address, Path(dialog), token));
        await AssertCountedAsync(unavailable: 1);
        await CommandAsync("undrain");

        await Redis.KillAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(Node.Address, Path(dialog), token));
        await AssertCountedAsync(unavailable: 2);
    }

    [Fact]
    public async Task Who_leaves_before_it_is_decided_has_aborted()
    {
        var (dialog, token) = await Maker.OpenDialogAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Proxy.BeforeRequest("SUBSCRIBE*:dialog:", () =>
        {
            reached.SetResult();
            return passed.Task;
        });
        using (var leaving = await RawConnection.OpenAsync(Node.Address))
        {
            await leaving.SendAsync(FrameSocket.Request(Path(dialog), token));
            await reached.Task.Within("the subscription to be under way");
            leaving.Reset();
        }

        passed.SetResult();

        await AssertCountedAsync(aborted: 1);
    }

    private async Task AssertCountedAsync(int accepted = 0, int rejected = 0, int unavailable = 0, int aborted = 0)
    {
        // It is counted as the answer is given, which the client may see first.
        var expected = new[] { accepted, rejected, unavailable, aborted };
        foreach (var (outcome, count) in _outcomes.Zip(expected))
        {
            await Metrics.UntilAsync(Connects, $"outcome=\"{outcome}\"", count, TestTimeout.Default);
        }

        Assert.Equal(expected.Sum(), await Metrics.SumAsync(Connects));
    }

    private async Task CommandAsync(string command)
    {
        using var http = new HttpClient { BaseAddress = Node.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperationsToken);
        using var answer = await http.PostAsync(new Uri($"/internal/{command}", UriKind.Relative), content: null, TestTimeout.Token());
        answer.EnsureSuccessStatusCode();
    }

    private static string Path(StreamKey dialog) => $"/ws/widget/dialogs/{dialog.DialogId}";
}
