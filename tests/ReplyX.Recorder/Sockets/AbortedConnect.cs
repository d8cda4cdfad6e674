using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ReplyX.Recorder.Sockets;

/// <summary>A client that gives up amid its connect: closes TCP without a word, or resets it.</summary>
/// <param name="Step">How far it comes.</param>
/// <param name="ByReset">Whether it resets.</param>
internal sealed record AbortedConnect(ConnectStep Step, bool ByReset)
{
    private const int BufferSize = 16 * 1024;

    private static readonly TimeSpan _closePatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Goes that far and gives up.</summary>
    /// <param name="url">The socket's address, its cursor included.</param>
    /// <param name="token">The credential.</param>
    /// <param name="random">Decides which part of the head.</param>
    /// <param name="linger">How long it waits, there, before it gives up.</param>
    /// <param name="patience">How long it waits for an answer. It gives up without one, too.</param>
    public async Task RunAsync(Uri url, string token, Random random, TimeSpan linger, TimeSpan patience)
    {
        var head = Encoding.ASCII.GetBytes(string.Join(
            "\r\n",
            $"GET {url.PathAndQuery} HTTP/1.1",
            $"Host: {url.Authority}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}",
            $"Sec-WebSocket-Protocol: replyx.v1, replyx.token.{token}",
            "\r\n"));
        var part = random.Next(1, head.Length - 1);
        using var limit = new CancellationTokenSource(patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, limit.Token);
            if (Step >= ConnectStep.PartOfHead)
            {
                await socket.SendAsync(Step == ConnectStep.PartOfHead ? head.AsMemory(0, part) : head, limit.Token);
            }

            if (Step >= ConnectStep.Upgraded)
            {
                await UntilAsync(socket, Step == ConnectStep.Upgraded ? "\r\n\r\n" : "\"connected\"", limit.Token);
            }

            await Task.Delay(linger, limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Refused, or not answered in time: it gives up here.
        }

        if (ByReset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        else
        {
            await CloseAsync(socket);
        }
    }

    public override string ToString() => $"{(ByReset ? "reset" : "closed")} behind {Step switch
    {
        ConnectStep.Connected => "the TCP connect",
        ConnectStep.PartOfHead => "a part of the head",
        ConnectStep.WholeHead => "the whole head",
        ConnectStep.Upgraded => "101",
        _ => "the greeting",
    }}";

    /// <summary>Says that nothing more comes and takes what still does: with bytes unread, the system would make a reset of it.</summary>
    private static async Task CloseAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(_closePatience);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[BufferSize];
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // Nobody reads it.
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Never connected, reset by the other side, or kept open by it.
        }
    }

    private static async Task UntilAsync(Socket socket, string mark, CancellationToken limit)
    {
        var buffer = new byte[BufferSize];
        var length = 0;
        var wanted = Encoding.ASCII.GetBytes(mark);
        while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length), limit) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(0, length).IndexOf(wanted) >= 0)
            {
                return;
            }
        }
    }
}
