using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Samples.Replay;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests;

/// <summary>A real conversation crosses the whole graph: visitor, Api, Redis, both replicas, every socket.</summary>
public abstract class ConversationTests : IAsyncLifetime
{
    private readonly GraphFixture _graph;
    private HttpClient _http = null!;
    private ReplyXApiClient _api = null!;
    private OperatorSession _operator = null!;

    protected ConversationTests(GraphFixture graph)
    {
        graph.Require();
        _graph = graph;
    }

    public async ValueTask InitializeAsync()
    {
        _http = new HttpClient { BaseAddress = _graph.Api };
        _api = new ReplyXApiClient(_http);
        var signedIn = await _api.SignInAsync("anna@demo.replyx.dev", GraphFixture.OperatorPassword, TestTimeout.Token());
        _operator = new OperatorSession(_api, signedIn.Require());
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public Task Message_Delivery_In_Widget_Mode() => AssertDeliveryAcrossReplicasAsync(DialogChannel.Widget);

    [Fact]
    public Task Message_Delivery_In_Site_Mode() => AssertDeliveryAcrossReplicasAsync(DialogChannel.Site);

    [Fact]
    public Task Widget_Socket_Routed_To_The_Right_Pool() =>
        AssertPoolAsync(DialogChannel.Widget, "active_admin_connections", "total_dialogs_admin");

    [Fact]
    public Task Site_Socket_Routed_To_The_Right_Pool() =>
        AssertPoolAsync(DialogChannel.Site, "active_site_connections", "total_dialogs_site");

    [Fact]
    public async Task Socket_After_Dialog_Loaded()
    {
        var visitor = await OpenDialogAsync(DialogChannel.Widget);
        var loaded = (await visitor.ReadHistoryAsync(new HistoryRange(), TestTimeout.Token())).Require();

        // Said between the history's answer and the socket's opening: the moment in which the old widget lost messages.
        for (var i = 0; i < 10; i++)
        {
            (await _operator.SendAsync(visitor.Dialog.Id, $"between {i}", cancellationToken: TestTimeout.Token())).Require();
        }

        await using var socket = new ReplyXConnection(visitor.ConnectionOptions(loaded.Cursor));
        await socket.ConnectAsync(TestTimeout.Token());
        (await _operator.SendAsync(visitor.Dialog.Id, "live", cancellationToken: TestTimeout.Token())).Require();

        var texts = await ReadTextsAsync(socket, 11);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"between {i}"), "live"], texts);
    }

    [Fact]
    public async Task How_Far_A_Visitor_Has_Read_Comes_To_Everybody()
    {
        var visitor = await OpenDialogAsync(DialogChannel.Widget);
        await using var socket = new ReplyXConnection(visitor.ConnectionOptions());
        await socket.ConnectAsync(TestTimeout.Token());
        var sent = (await _operator.SendAsync(visitor.Dialog.Id, "read this", cancellationToken: TestTimeout.Token())).Require();

        await foreach (var next in socket.ReadEventsAsync(TestTimeout.Token()))
        {
            if (next is MessageEvent message)
            {
                Assert.Equal(sent.Message.Seq, message.Seq);
                Assert.True(await socket.MarkReadAsync(message.Seq));
            }
            else if (next is ReadEvent read)
            {
                Assert.Equal((sent.Message.Seq, "user"), (read.UpTo, read.Sender));
                break;
            }
        }
    }

    [Fact]
    public async Task Replay_Of_The_Sample_Conversations_Loses_Nothing()
    {
        var report = await ConversationReplay.RunAsync(
            new ReplayOptions { Api = _graph.Api, Password = GraphFixture.OperatorPassword, Seed = Seed.Random().Next() },
            cancellationToken: TestTimeout.Token(TimeSpan.FromMinutes(3)));

        Assert.True(report.IsClean, $"{report}\n{string.Join('\n', report.Failures)}");
        Assert.True(report.Sent > 0);
        Assert.Equal(2, report.SocketsByNode.Count);
        Assert.True(report.DialogsOnSeveralNodes > 0);
    }

    private async Task AssertDeliveryAcrossReplicasAsync(DialogChannel channel)
    {
        var visitor = await OpenDialogAsync(channel);
        var sockets = await GraphFixture.ConnectToBothReplicasAsync(visitor.ConnectionOptions());
        try
        {
            for (var i = 0; i < 10; i++)
            {
                (await visitor.SendAsync($"visitor {i} 👋", cancellationToken: TestTimeout.Token())).Require();
                (await _operator.SendAsync(visitor.Dialog.Id, $"operator {i}", cancellationToken: TestTimeout.Token())).Require();
            }

            string[] expected = [.. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"visitor {i} 👋", $"operator {i}"])];
            foreach (var socket in sockets)
            {
                Assert.Equal(expected, await ReadTextsAsync(socket, expected.Length));
            }
        }
        finally
        {
            foreach (var socket in sockets)
            {
                await socket.DisposeAsync();
            }
        }
    }

    private async Task AssertPoolAsync(DialogChannel channel, string connections, string dialogs)
    {
        var before = await SettledHealthAsync();
        var visitor = await OpenDialogAsync(channel);
        await using var socket = new ReplyXConnection(visitor.ConnectionOptions());
        await socket.ConnectAsync(TestTimeout.Token());

        string[] counted = ["active_admin_connections", "active_site_connections", "total_dialogs_admin", "total_dialogs_site"];
        var expected = counted.ToDictionary(name => name, name => before[name] + (name == connections || name == dialogs ? 1 : 0));
        await UntilHealthAsync(health => counted.All(name => health[name] == expected[name]), $"{channel} in its pool alone");
    }

    private async Task<VisitorSession> OpenDialogAsync(DialogChannel channel)
    {
        var opened = channel == DialogChannel.Widget
            ? await _api.OpenWidgetDialogAsync("demo", cancellationToken: TestTimeout.Token())
            : await _api.OpenSiteDialogAsync(
                (await _operator.GetSiteTokenAsync("demo", TestTimeout.Token())).Require(), cancellationToken: TestTimeout.Token());
        return new VisitorSession(_api, opened.Require());
    }

    private static async Task<List<string>> ReadTextsAsync(ReplyXConnection socket, int count)
    {
        List<string> texts = [];
        await foreach (var message in socket.ReadEventsAsync(TestTimeout.Token()))
        {
            if (message is MessageEvent said)
            {
                texts.Add(said.Text);
            }

            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }

    // Sockets of tests before may still be ending.
    private Task<Dictionary<string, int>> SettledHealthAsync() => UntilHealthAsync(
        health => health["active_admin_connections"] == 0 && health["active_site_connections"] == 0, "no socket of another test");

    private async Task<Dictionary<string, int>> UntilHealthAsync(Func<Dictionary<string, int>, bool> isReached, string what)
    {
        using var realtime = _graph.App.CreateHttpClient("realtime", "http");
        var limit = TestTimeout.Token();
        Dictionary<string, int> health = [];
        while (!limit.IsCancellationRequested)
        {
            var report = await realtime.GetFromJsonAsync<JsonElement>("/health/websocket", limit);
            health = report.EnumerateObject()
                .Where(member => member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out _))
                .ToDictionary(member => member.Name, member => member.Value.GetInt32());
            if (isReached(health))
            {
                return health;
            }

            await Task.Delay(200, CancellationToken.None);
        }

        throw new TimeoutException($"Waited for {what}; health says {string.Join(", ", health)}");
    }
}

[Collection(OnRedisServer.Name)]
public sealed class ConversationOnRedisServerTests(RedisServerGraph graph) : ConversationTests(graph);

[Collection(OnEmbeddedRedis.Name)]
public sealed class ConversationOnEmbeddedRedisTests(EmbeddedRedisGraph graph) : ConversationTests(graph);
