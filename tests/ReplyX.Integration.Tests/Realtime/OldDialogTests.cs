using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Accounts;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>A dialog that grows old, as its visitor and the team meet it over HTTP and on their sockets.</summary>
public sealed class OldDialogTests : IAsyncDisposable
{
    private const string Account = "acme";

    private RedisServer? _server;
    private RealtimeNode? _node;
    private ApiService? _api;
    private ConnectionMultiplexer? _redis;

    [Fact]
    public async Task A_dialog_goes_to_the_archive_whole_comes_back_and_is_deleted_at_the_age_that_the_owner_set()
    {
        await StartAsync();
        await Node.Accounts.SaveOperatorAsync(
            new Operator(Account, "olga", "olga@acme", "Olga", PasswordHash: "", OperatorRole.Owner), "a password of hers", TestTimeout.Token());
        var owner = Text(await CallAsync(HttpMethod.Post, "/api/operator/sign-in", null, new { login = "olga@acme", password = "a password of hers" }), "token");
        var opened = await CallAsync(HttpMethod.Post, "/api/widget/dialogs", null, new { assistant_id = RealtimeNode.Site.AssistantId });
        var (id, token, guest) = (opened.GetProperty("id").GetInt64(), Text(opened, "token"), Text(opened, "guest_token"));
        var (path, socketPath) = ($"/api/widget/dialogs/{id}/messages", $"/ws/widget/dialogs/{id}");
        for (var i = 0; i < 5; i++)
        {
            await CallAsync(HttpMethod.Post, path, token, new { text = $"text {i}", client_id = $"c{i}" });
        }

        var history = await CallAsync(HttpMethod.Get, path, token);
        var cursor = Text(history, "cursor");
        var row = Assert.Single((await CallAsync(HttpMethod.Get, "/api/dialogs", owner)).GetProperty("items").EnumerateArray().ToArray());

        // Nobody writes for three hours.
        await AgeAsync(id, TimeSpan.FromHours(3));
        await UntilAsync(async () => !await Redis.KeyExistsAsync($"{Key(id)}:log"), "the dialog to be at rest");
        Assert.Equal(history.GetRawText(), (await CallAsync(HttpMethod.Get, path, token)).GetRawText());
        Assert.Equal(
            row.GetRawText(), Assert.Single((await CallAsync(HttpMethod.Get, "/api/dialogs?q=text", owner)).GetProperty("items").EnumerateArray().ToArray()).GetRawText());
        var (socket, connected) = await TestSocket.OpenAsync(Node.Url, socketPath, token, cursor);
        await using var closing = socket;
        Assert.True(connected.GetProperty("recovered").GetBoolean());
        var (list, _) = await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", owner);
        await using var closingList = list;

        // It goes on where it stood.
        var seq = history.GetProperty("items").GetArrayLength() + 1;
        Assert.Equal(seq, (await CallAsync(HttpMethod.Post, path, token, new { text = "back again", client_id = "back" })).GetProperty("user_message").GetProperty("seq").GetInt64());
        Assert.Equal((seq, "back again"), ((await socket.ReceiveAsync()) is var heard ? heard.GetProperty("seq").GetInt32() : 0, Text(heard, "text")));
        Assert.Equal((id, seq), ((await list.ReceiveAsync()) is var told ? told.GetProperty("dialog_id").GetInt64() : 0, told.GetProperty("last_seq").GetInt32()));

        // Two days later it is a day too old.
        await CallAsync(HttpMethod.Patch, "/api/account", owner, new { retention_days = 1 });
        await AgeAsync(id, TimeSpan.FromDays(2));
        Assert.Equal(("dialog_removed", id), ((await list.ReceiveAsync()) is var removed ? Text(removed, "type") : "", removed.GetProperty("dialog_id").GetInt64()));
        Assert.Equal(1012, await socket.ReceiveCloseAsync());
        await using var back = await TestSocket.ConnectAsync(Node.Url, socketPath, token, Text(heard, "cursor"));
        Assert.Equal(4004, await back.ReceiveCloseAsync());
        foreach (var (method, body) in ((HttpMethod, object?)[])[(HttpMethod.Get, null), (HttpMethod.Post, new { text = "too late", client_id = "late" })])
        {
            Assert.Equal("dialog_not_found", Text(await CallAsync(method, path, token, body, HttpStatusCode.NotFound), "code"));
        }

        Assert.Empty((await CallAsync(HttpMethod.Get, "/api/dialogs", owner)).GetProperty("items").EnumerateArray());
        Assert.Empty(await NamesAsync($"{id}"));
        var anew = await CallAsync(HttpMethod.Post, "/api/widget/dialogs", guest, new { assistant_id = RealtimeNode.Site.AssistantId });
        Assert.NotEqual(id, anew.GetProperty("id").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in (IAsyncDisposable?[])[_api, _node, _redis, _server])
        {
            await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private IDatabase Redis => _redis!.GetDatabase();

    private RealtimeNode Node => _node!;

    private async Task StartAsync()
    {
        _server = await RedisServer.StartAsync(RedisKind.Redis);
        _redis = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        _node = await RealtimeNode.StartAsync(_server, ("Realtime:PositionCheckInterval", "00:30:00"));
        _api = await ApiService.StartAsync(
            _server,
            ("Realtime:PublicUrl", _node.Url.ToString()),
            ("Archive:IdleAfter", "01:00:00"),
            ("Archive:SweepInterval", "00:00:01"),
            ("Messaging:DeployOverlap", "00:00:00"));
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, string? token, object? body = null, HttpStatusCode? expected = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await _api!.Http.SendAsync(request, TestTimeout.Token());
        var text = await response.Content.ReadAsStringAsync(TestTimeout.Token());
        Assert.True(expected is null ? response.IsSuccessStatusCode : response.StatusCode == expected, $"{method} {path}: {response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    // As if all in it had happened so much earlier.
    private async Task AgeAsync(long id, TimeSpan by)
    {
        var log = await Redis.ListRangeAsync($"{Key(id)}:log");
        var aged = log.Select(entry =>
        {
            var parts = ((string)entry!).Split(' ', 4);
            var time = long.Parse(parts[2], CultureInfo.InvariantCulture) - (long)by.TotalMilliseconds;
            return (RedisValue)string.Create(CultureInfo.InvariantCulture, $"{parts[0]} {parts[1]} {time} {parts[3]}");
        }).ToArray();
        var transaction = Redis.CreateTransaction();
        _ = transaction.KeyDeleteAsync($"{Key(id)}:log");
        _ = transaction.ListRightPushAsync($"{Key(id)}:log", aged);
        _ = transaction.SortedSetDecrementAsync($"{{{Account}}}:dialogs", id, by.TotalMilliseconds);
        Assert.True(await transaction.ExecuteAsync());
    }

    // But for its keys, which expire by Redis' clock.
    private async Task<List<string>> NamesAsync(string part)
    {
        List<string> names = [];
        await foreach (var key in _redis!.GetServers()[0].KeysAsync(pattern: $"*{part}*"))
        {
            if (await Redis.KeyTimeToLiveAsync(key) is null)
            {
                names.Add((string)key!);
            }
        }

        return names;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var limit = TestTimeout.Token();
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"waited too long for {what}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static string Key(long id) => $"{{{Account}}}:dialog:{id}";

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
