using System.Text;
using ReplyX.Realtime.Listening;

namespace ReplyX.Validation.Services;

/// <summary>Asks the listener beside the HTTP server, which reads requests for sockets by itself.</summary>
internal static class ListenerTrial
{
    /// <summary>Paths that look like ones for sockets and are none.</summary>
    public static readonly IReadOnlyList<string> Strangers =
        ["/ws/", "/ws/dialog/1", "/ws/dialogs/1/2", "/ws/widget/dialogs", "/ws/site/dialogs", "/ws/list/dialogs/1", "/ws/operator/dialogs/1", "/ws/admin/dialogs/1"];

    public static IReadOnlyList<ListenerAnswer> Ask(IEnumerable<string> paths) => [.. paths.Select(path => new ListenerAnswer(path, RouteOf(path)))];

    // As browsers write it.
    private static string? RouteOf(string path)
    {
        var request =
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return UpgradeHead.Read(Encoding.ASCII.GetBytes(request), out var head) == UpgradeHeadStatus.Complete ? head?.Route.Path : null;
    }
}
