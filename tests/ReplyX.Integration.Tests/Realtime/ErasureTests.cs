using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Accounts;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>What an erasure does to sockets that are open: the visitor's, the team's on the dialog, the list's, and all of an account's.</summary>
public sealed class ErasureTests : IAsyncDisposable
{
    private const string Account = "acme";

    private RedisServer? _server;
    private RealtimeNode? _node;
    private ApiService? _api;

    [Fact]
    public async Task Sockets_of_who_is_erased_are_closed_and_lists_are_told()
    {
        _server = await RedisServer.StartAsync(RedisKind.Redis);
        _node = await RealtimeNode.StartAsync(_server, ("Realtime:PositionCheckInterval", "00:30:00"));
        _api = await ApiService.StartAsync(
            _server, ("Realtime:PublicUrl", _node.Url.ToString()), ("Data:PollInterval", "00:00:00.050"), ("Data:SettleTime", "00:00:00"));
        await _node.Accounts.SaveOperatorAsync(
            new Operator(Account, "olga", "olga@acme", "Olga", PasswordHash: "", OperatorRole.Owner), "a password of hers", TestTimeout.Token());
        var owner = Text(await CallAsync(HttpMethod.Post, "/api/operator/sign-in", null, new { login = "olga@acme", password = "a password of hers" }), "token");
        var (ann, ben) = (await OpenAsync(), await OpenAsync());
        var (list, _) = await TestSocket.OpenAsync(_node.Url, "/ws/dialogs", owner);
        await using var closingList = list;
        var (visitor, _) = await TestSocket.OpenAsync(_node.Url, Path(ann.Id), ann.Token);
        await using var closingVisitor = visitor;
        var (team, _) = await TestSocket.OpenAsync(_node.Url, $"/ws/dialogs/{ann.Id}", owner);
        await using var closingTeam = team;
        var (other, _) = await TestSocket.OpenAsync(_node.Url, Path(ben.Id), ben.Token);
        await using var closingOther = other;

        var who = Text(await CallAsync(HttpMethod.Get, $"/api/dialogs/{ann.Id}", owner), "visitor_id");
        var cursor = Text(await CallAsync(HttpMethod.Get, "/api/dialogs", owner), "cursor");
        await CallAsync(HttpMethod.Post, "/api/data-jobs", owner, new { kind = "erasure", subject = "visitor", visitor_id = who });
        Assert.Equal(1012, await visitor.ReceiveCloseAsync());
        Assert.Equal(1012, await team.ReceiveCloseAsync());
        Assert.Equal(("dialog_removed", ann.Id), ((await list.ReceiveAsync()) is var removed ? Text(removed, "type") : "", removed.GetProperty("dialog_id").GetInt64()));
        await using var back = await TestSocket.ConnectAsync(_node.Url, Path(ann.Id), ann.Token);
        Assert.Equal(4004, await back.ReceiveCloseAsync());

        // A list that was away hears of no more than that the dialog was removed, and has missed nothing.
        await UntilEndedAsync(owner);
        var (late, connected) = await TestSocket.OpenAsync(_node.Url, "/ws/dialogs", owner, cursor);
        await using var closingLate = late;
        Assert.True(connected.GetProperty("recovered").GetBoolean());

        // Who was not erased hears on.
        await CallAsync(HttpMethod.Post, $"/api/widget/dialogs/{ben.Id}/messages", ben.Token, new { text = "still here", client_id = "c2" });
        Assert.Equal("still here", Text(await other.ReceiveAsync(), "text"));
        Assert.Equal(ben.Id, (await late.ReceiveAsync()).GetProperty("dialog_id").GetInt64());

        // The account goes, and everybody with it.
        await CallAsync(HttpMethod.Post, "/api/data-jobs", owner, new { kind = "erasure", subject = "account", confirm = Account });
        Assert.Equal(4002, await late.ReceiveCloseAsync());
        Assert.Contains(await other.ReceiveCloseAsync(), (int[])[1012, 4002, 4004]);
        await using var gone = await TestSocket.ConnectAsync(_node.Url, Path(ben.Id), ben.Token);
        Assert.Contains(await gone.ReceiveCloseAsync(), (int[])[4002, 4004]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in (IAsyncDisposable?[])[_api, _node, _server])
        {
            await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task<(long Id, string Token)> OpenAsync()
    {
        var opened = await CallAsync(HttpMethod.Post, "/api/widget/dialogs", null, new { assistant_id = RealtimeNode.Site.AssistantId });
        var (id, token) = (opened.GetProperty("id").GetInt64(), Text(opened, "token"));
        await CallAsync(HttpMethod.Post, $"/api/widget/dialogs/{id}/messages", token, new { text = "hello", client_id = "c1" });
        return (id, token);
    }

    private async Task UntilEndedAsync(string owner)
    {
        while (Text((await CallAsync(HttpMethod.Get, "/api/data-jobs", owner)).GetProperty("items")[0], "state") != "done")
        {
            await Task.Yield();
        }
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await _api!.Http.SendAsync(request, TestTimeout.Token());
        var text = await response.Content.ReadAsStringAsync(TestTimeout.Token());
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, $"{method} {path}: {response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static string Path(long id) => $"/ws/widget/dialogs/{id}";

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
