using System.Globalization;
using System.Net.WebSockets;
using ReplyX.Client;
using ReplyX.Smoke.Wire;

namespace ReplyX.Smoke.Checks;

/// <summary>What single sockets do, without the client library.</summary>
internal sealed class SocketChecks(SmokeOptions options, IReadOnlyList<Side> sides, Deadline deadline)
{
    private const int AuthenticationFailed = 4002;
    private const string Ping = "__ping__";
    private const string Pong = "__pong__";

    private IEnumerable<Uri> Nodes => sides.SelectMany(side => side.Nodes).Distinct();

    /// <summary>A wrong token is upgraded and closed with 4002: whatever else answers there is not a node.</summary>
    public async Task<string> CheckRefusalAsync()
    {
        var count = 0;
        foreach (var node in Nodes)
        {
            await WithSocketAsync(node, new RealtimeUrls(node).Visitor(DialogChannel.Widget, 1), "wrong", async socket =>
            {
                while (await socket.ReadAsync(deadline.Token) is not null)
                {
                }

                if (socket.CloseCode != AuthenticationFailed)
                {
                    throw new CheckFailedException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Name(node)} closed a socket with a wrong token with {socket.CloseCode?.ToString(CultureInfo.InvariantCulture) ?? "no code"}, not {AuthenticationFailed}"));
                }
            });
            count++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"a wrong token is closed with {AuthenticationFailed}, {count} asked");
    }

    /// <summary>The heartbeat is answered by every node.</summary>
    public async Task<string> CheckHeartbeatAsync(VisitorSession visitor)
    {
        var count = 0;
        var dialog = visitor.Dialog;
        var token = await visitor.TokenProvider(TokenNeed.First, deadline.Token) ?? "";
        foreach (var node in Nodes)
        {
            await WithSocketAsync(node, new RealtimeUrls(node).Visitor(dialog.Channel, dialog.Id), token, async socket =>
            {
                await socket.SendAsync(Ping, deadline.Token);
                string? next;
                do
                {
                    next = await socket.ReadAsync(deadline.Token);
                }
                while (next is not (null or Pong));

                if (next is null)
                {
                    throw new CheckFailedException(string.Create(
                        CultureInfo.InvariantCulture, $"{Name(node)} closed a socket with {socket.CloseCode} instead of answering its heartbeat"));
                }
            });
            count++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Ping} is answered, {count} asked");
    }

    private async Task WithSocketAsync(Uri node, Uri url, string token, Func<BareSocket, Task> use)
    {
        using var line = new Line(options.ConnectTo);
        try
        {
            using var socket = await BareSocket.OpenAsync(url, token, line, deadline.Token);
            await use(socket);
        }
        catch (Exception e) when (e is IOException or WebSocketException)
        {
            throw new CheckFailedException($"{Name(node)} opens no socket: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException(deadline.IsInterrupted ? "interrupted" : $"{Name(node)} does not answer on a socket in time");
        }
    }

    private static string Name(Uri node) => node.ToString().TrimEnd('/');
}
