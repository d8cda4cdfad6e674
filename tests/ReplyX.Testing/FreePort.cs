using System.Net;
using System.Net.Sockets;

namespace ReplyX.Testing;

public static class FreePort
{
    // Below the range from which systems hand out ports for outgoing connections (32768 up on Linux, 49152 elsewhere). In that range
    // a client that knocks on a port whose server is down may be given the very same port and then talks to itself.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A TCP port on the loopback that was free a moment ago.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
