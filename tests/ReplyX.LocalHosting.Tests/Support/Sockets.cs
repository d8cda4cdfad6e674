using System.Net.WebSockets;
using System.Text;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests.Support;

internal static class Sockets
{
    /// <summary>Opens a socket to the test service and gives the id of the process that took it.</summary>
    public static async Task<(ClientWebSocket Socket, int ProcessId)> ConnectAsync(Uri address)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, TestTimeout.Token());
            return (socket, int.Parse(await ReadAsync(socket), System.Globalization.CultureInfo.InvariantCulture));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<string> EchoAsync(this ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestTimeout.Token());
        return await ReadAsync(socket);
    }

    private static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), TestTimeout.Token());
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
