using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A TCP connection on which a test says whatever it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>The key of RFC 6455's example.</summary>
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private RawConnection()
    {
    }

    /// <summary>Connects.</summary>
    /// <param name="node">Where to.</param>
    /// <param name="from">A loopback address to come from; null for the usual one.</param>
    public static async Task<RawConnection> OpenAsync(Uri node, string? from = null)
    {
        var connection = new RawConnection();
        try
        {
            if (from is not null)
            {
                connection._socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            }

            await connection._socket.ConnectAsync(node.Host, node.Port, TestTimeout.Token());
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects; null if that failed.</summary>
    public static async Task<RawConnection?> TryOpenAsync(Uri node, string? from)
    {
        try
        {
            return await OpenAsync(node, from);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Ends it at once, with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    /// <summary>The head of a request for a socket.</summary>
    public static string UpgradeRequest(string target, string version = "1.1", string socketVersion = "13", string key = Key, string extra = "") =>
        $"GET {target} HTTP/{version}\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: {socketVersion}\r\nSec-WebSocket-Key: {key}\r\n{extra}\r\n";

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.ASCII.GetBytes(text), TestTimeout.Token()).AsTask();

    /// <summary>Sends what may find the connection closed already.</summary>
    public async Task TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (SocketException)
        {
            // Closed.
        }
    }

    /// <summary>Reads until a text has come, in whatever frames.</summary>
    public async Task ReadUntilAsync(string expected)
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            var count = await _socket.ReceiveAsync(buffer, TestTimeout.Token()).AsTask().Within($"{expected}, after \"{text}\"");
            Assert.True(count > 0, $"closed before {expected}, after \"{text}\"");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    /// <summary>Reads the head of an answer, and no byte of what follows it.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await _socket.ReceiveAsync(one, TestTimeout.Token()).AsTask().Within($"an answer, after \"{text}\"") > 0)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    /// <summary>Reads until the other side ends the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer, TestTimeout.Token()).AsTask().Within($"the end of the connection, after \"{text}\"")) > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Reset: an end, too.
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
