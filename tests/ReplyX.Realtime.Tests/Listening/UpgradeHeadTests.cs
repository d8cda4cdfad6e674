using System.Text;
using ReplyX.Realtime.Listening;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Tests.Listening;

/// <summary>Which beginnings of a connection the listener serves itself, and which are the server's to read.</summary>
public sealed class UpgradeHeadTests
{
    private const string Head =
        "GET /ws/widget/dialogs/77?cursor=5-af&token=a%2Bb HTTP/1.1\r\nHost: chat.example.com:8080\r\nUpgrade: websocket\r\n"
        + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + "Origin: https://chat.example.com\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"
        + "Sec-WebSocket-Protocol: replyx.v1, replyx.token.abc\r\n\r\n";

    [Fact]
    public void A_plain_request_is_read_whole_and_what_follows_it_is_not()
    {
        Assert.Equal(UpgradeHeadStatus.Complete, Read(Head + "frames", out var head));

        Assert.NotNull(head);
        Assert.Equal(Head.Length, head.Length);
        Assert.Equal(SocketKind.Widget, head.Route.Kind);
        Assert.Equal("77", head.DialogId);
        Assert.Equal("5-af", head.Cursor);
        Assert.Equal("a+b", head.Tokens);
        Assert.Equal("dGhlIHNhbXBsZSBub25jZQ==", head.Key);
        Assert.Equal("https://chat.example.com", head.Origin);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], head.ForwardedFor.OfType<string>());
        Assert.Equal("replyx.v1, replyx.token.abc", head.Protocols);
    }

    [Fact]
    public void Until_its_end_is_there_it_is_waited_for()
    {
        for (var length = 1; length < Head.Length; length++)
        {
            Assert.Equal(UpgradeHeadStatus.Incomplete, Read(Head[..length], out _));
        }
    }

    [Theory]
    [InlineData("/ws/dialogs", SocketKind.List, null)]
    [InlineData("/ws/dialogs/5", SocketKind.Operator, "5")]
    [InlineData("/ws/site/dialogs/x-y_z", SocketKind.Site, "x-y_z")]
    internal void Every_path_of_the_table_has_its_route(string path, SocketKind kind, string? id)
    {
        Assert.Equal(UpgradeHeadStatus.Complete, Read(Head.Replace("/ws/widget/dialogs/77?cursor=5-af&token=a%2Bb", path), out var head));

        Assert.Equal(kind, head!.Route.Kind);
        Assert.Equal(id, head.DialogId);
        Assert.Null(head.Cursor);
    }

    [Theory]
    [InlineData("GET /ws", "GET /health")]
    [InlineData("GET", "POST")]
    [InlineData("GET /ws/widget", "GET /WS/widget")]
    [InlineData("dialogs/77", "dialogs/77/")]
    [InlineData("dialogs/77", "dialogs/")]
    [InlineData("dialogs/77", "dialogs/%37")]
    [InlineData("widget/dialogs/77", "../ws/dialogs/77")]
    [InlineData("HTTP/1.1", "HTTP/1.0")]
    [InlineData("Host: chat.example.com:8080\r\n", "")]
    [InlineData("Host: chat", "Host: a\r\nHost: chat")]
    [InlineData("chat.example.com:8080", "[::1]:8080")]
    [InlineData("chat.example.com:8080", "a:b")]
    [InlineData("chat.example.com:8080", "a:")]
    [InlineData("chat.example.com:8080", ":80")]
    [InlineData("chat.example.com:8080", "a:80:80")]
    [InlineData("chat.example.com:8080", "")]
    [InlineData("chat.example.com:8080", "a\0b")]
    [InlineData("Upgrade: websocket", "Upgrade: h2c")]
    [InlineData("keep-alive, Upgrade", "keep-alive")]
    [InlineData("Version: 13", "Version: 8")]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")]
    [InlineData("Origin:", "Content-Length: 0\r\nOrigin:")]
    [InlineData("Origin:", "Transfer-Encoding: chunked\r\nOrigin:")]
    [InlineData("Origin:", "Expect: 100-continue\r\nOrigin:")]
    [InlineData("Origin:", "Origin :")]
    [InlineData("Origin:", " Origin:")]
    [InlineData("Origin:", "X\u00e9: a\r\nOrigin:")]
    [InlineData("Origin:", "no colon\r\nOrigin:")]
    public void What_is_written_otherwise_is_the_servers(string instead, string written) =>
        Assert.Equal(UpgradeHeadStatus.Other, Read(Head.Replace(instead, written, StringComparison.Ordinal), out _));

    [Fact]
    public void More_headers_than_clients_send_are_the_servers()
    {
        var many = string.Concat(Enumerable.Range(0, 60).Select(i => $"X-{i}: a\r\n"));

        Assert.Equal(UpgradeHeadStatus.Other, Read(Head.Replace("Origin:", many + "Origin:", StringComparison.Ordinal), out _));
    }

    private static UpgradeHeadStatus Read(string text, out UpgradeHead? head) => UpgradeHead.Read(Encoding.Latin1.GetBytes(text), out head);
}
