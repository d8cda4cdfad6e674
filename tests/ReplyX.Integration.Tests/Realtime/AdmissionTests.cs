using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class AdmissionTests : NodeTest
{
    [Fact]
    public async Task Widget_socket_is_routed_to_the_right_pool() => await AssertPoolAsync(DialogMode.Widget, admin: 1, site: 0);

    [Fact]
    public async Task Site_socket_is_routed_to_the_right_pool() => await AssertPoolAsync(DialogMode.Site, admin: 0, site: 1);

    [Fact]
    public async Task Only_the_protocol_is_echoed_never_the_token()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        await using var socket = await TestSocket.ConnectAsync(Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token);

        Assert.Equal("replyx.v1", socket.Subprotocol);
    }

    [Fact]
    public async Task A_token_in_the_query_opens_the_socket_too()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        await using var socket = await TestSocket.ConnectAsync(
            Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token, tokenInQuery: true);

        Assert.Equal("connected", (await socket.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Whoever_may_not_in_is_closed_with_the_code_that_says_why()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        var (other, otherToken) = await Node.OpenDialogAsync();
        var (site, siteToken) = await Node.OpenDialogAsync(DialogMode.Site);
        var guest = Node.Tokens.Issue(new GuestClaims("acme", "shop", "ann")).Token;
        var impostor = Node.Tokens.Issue(new DialogClaims(dialog, "shop", DialogMode.Widget, "somebody else")).Token;
        var gone = Node.Tokens.Issue(new DialogClaims(StreamKey.ForDialog("acme", 7), "shop", DialogMode.Widget, "ann")).Token;
        var (widgetPath, operatorPath) = ($"/ws/widget/dialogs/{dialog.DialogId}", $"/ws/dialogs/{dialog.DialogId}");

        (string Path, string? Token, int Code)[] refused =
        [
            (widgetPath, null, 4002),
            (widgetPath, "forged", 4002),
            (widgetPath, guest, 4002),
            (widgetPath, Node.OperatorToken(), 4002),
            (operatorPath, token, 4002),
            ("/ws/dialogs", token, 4002),
            (widgetPath, otherToken, 4004),
            (widgetPath, siteToken, 4004),
            (widgetPath, impostor, 4004),
            ($"/ws/site/dialogs/{dialog.DialogId}", token, 4004),
            ($"/ws/widget/dialogs/{site.DialogId}", siteToken, 4004),
            ("/ws/widget/dialogs/7", gone, 4004),
            ("/ws/widget/dialogs/abc", token, 4004),
            ("/ws/widget/dialogs/99999999999999999999", token, 4004),
            ($"/ws/dialogs/{other.DialogId}", Node.OperatorToken("other"), 4004),
            ("/ws/dialogs/abc", Node.OperatorToken(), 4004),
        ];

        foreach (var (path, credential, code) in refused)
        {
            await using var socket = await TestSocket.ConnectAsync(Node.Url, path, credential);
            Assert.Equal(code, await socket.ReceiveCloseAsync());
        }
    }

    [Theory]
    [InlineData(RealtimeNode.ChatHost, null)]
    [InlineData("https://evil.example", 4003)]
    [InlineData("http://chat.example.com", 4003)]
    [InlineData("https://www.shop.example", 4003)]
    [InlineData("null", 4003)]
    public async Task The_origin_must_be_a_chat_host(string origin, int? code)
    {
        await Node.Accounts.SaveSiteAsync(RealtimeNode.Site, TestTimeout.Token());
        var (dialog, token) = await Node.OpenDialogAsync();
        await using var socket = await TestSocket.ConnectAsync(
            Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token, origin: origin);

        await AssertClosedOrConnectedAsync(socket, code);
    }

    [Theory]
    [InlineData("https://www.shop.example", null)]
    [InlineData("https://shop.example", 4003)]
    public async Task A_site_that_uses_the_client_library_connects_from_its_own_origins(string origin, int? code)
    {
        await Node.Accounts.SaveSiteAsync(RealtimeNode.Site with { DirectClient = true }, TestTimeout.Token());
        var (dialog, token) = await Node.OpenDialogAsync();
        await using var socket = await TestSocket.ConnectAsync(
            Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token, origin: origin);

        await AssertClosedOrConnectedAsync(socket, code);
    }

    [Fact]
    public async Task What_is_no_socket_is_told_so()
    {
        using var http = new HttpClient { BaseAddress = Node.Url };

        var plain = await http.GetAsync("/ws/dialogs", TestTimeout.Token());
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
        Assert.Equal("13", plain.Headers.GetValues("Sec-WebSocket-Version").Single());
        Assert.Equal("application/problem+json", plain.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "upgrade_required", (await plain.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token())).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.PostAsync("/ws/dialogs", null, TestTimeout.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/ws/nothing", TestTimeout.Token())).StatusCode);
    }

    [Fact]
    public async Task A_message_that_is_too_big_closes_with_1009()
    {
        await using var socket = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;
        await socket.SendAsync(new string('x', 65_537));

        Assert.Equal(1009, await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_canary_token_turns_up_in_no_log()
    {
        const string canary = "canary-7f3a-token";
        var (dialog, _) = await Node.OpenDialogAsync();
        foreach (var inQuery in (bool[])[true, false])
        {
            await using var socket = await TestSocket.ConnectAsync(
                Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", canary, tokenInQuery: inQuery);
            Assert.Equal(4002, await socket.ReceiveCloseAsync());
        }

        using var http = new HttpClient { BaseAddress = Node.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", canary);
        await http.GetAsync($"/ws/dialogs?token={canary}&cursor={canary}", TestTimeout.Token());
        await http.GetAsync($"/nothing?token={canary}", TestTimeout.Token());

        Assert.NotEmpty(Node.Logs.Texts);
        Assert.DoesNotContain(Node.Logs.Texts, line => line.Contains(canary, StringComparison.Ordinal));
    }

    private async Task AssertPoolAsync(DialogMode mode, int admin, int site)
    {
        var (dialog, token) = await Node.OpenDialogAsync(mode);
        await using var socket = (await TestSocket.OpenAsync(Node.Url, $"/ws/{mode.ToWire()}/dialogs/{dialog.DialogId}", token)).Socket;
        using var http = new HttpClient { BaseAddress = Node.Url };

        // The lease is renewed and the answer made anew once a second.
        JsonElement health;
        do
        {
            await Task.Delay(100, TestTimeout.Token());
            health = await http.GetFromJsonAsync<JsonElement>("/health/websocket", TestTimeout.Token());
        }
        while (Number(health, "active_admin_connections") + Number(health, "active_site_connections") == 0);

        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal(admin, Number(health, "active_admin_connections"));
        Assert.Equal(site, Number(health, "active_site_connections"));
        Assert.Equal(admin, Number(health, "total_dialogs_admin"));
        Assert.Equal(site, Number(health, "total_dialogs_site"));
    }

    private static int Number(JsonElement health, string name) => health.GetProperty(name).GetInt32();

    private static async Task AssertClosedOrConnectedAsync(TestSocket socket, int? code)
    {
        if (code is { } expected)
        {
            Assert.Equal(expected, await socket.ReceiveCloseAsync());
        }
        else
        {
            Assert.Equal("connected", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        }
    }
}
