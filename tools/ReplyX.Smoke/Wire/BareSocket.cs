using System.Net.WebSockets;
using System.Text;

namespace ReplyX.Smoke.Wire;

/// <summary>One socket without the client library: for what the library hides, its heartbeat and refusals.</summary>
internal sealed class BareSocket : IDisposable
{
    private const int MostBytes = 64 * 1024;

    private readonly ClientWebSocket _socket = new();

    /// <summary>The code that the server closed it with; null while it has not.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Opens it.</summary>
    /// <param name="url">The path of a socket.</param>
    /// <param name="token">The token that it comes with.</param>
    /// <param name="line">The way there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BareSocket> OpenAsync(Uri url, string token, Line line, CancellationToken cancellationToken)
    {
        var opened = new BareSocket();
        try
        {
            opened._socket.Options.AddSubProtocol("replyx.v1");
            opened._socket.Options.AddSubProtocol("replyx.token." + token);
            opened._socket.Options.KeepAliveInterval = TimeSpan.Zero;
            opened._socket.Options.CollectHttpResponseDetails = true;
            await opened._socket.ConnectAsync(url, line.Invoker, cancellationToken);
            return opened;
        }
        catch (WebSocketException e)
        {
            var status = (int)opened._socket.HttpStatusCode;
            opened.Dispose();
            throw new IOException(status == 0 ? e.Message : $"the upgrade was answered with {status}", e);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text, CancellationToken cancellationToken)
        => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>Waits for the next text; null when the socket is closed.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes];
        var length = 0;
        try
        {
            while (length < MostBytes)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    return Encoding.UTF8.GetString(buffer, 0, length);
                }
            }
        }
        catch (WebSocketException)
        {
            return null; // Ended without a farewell: CloseCode says that there is none.
        }

        throw new IOException($"a frame of more than {MostBytes} bytes came");
    }

    public void Dispose() => _socket.Dispose();
}
