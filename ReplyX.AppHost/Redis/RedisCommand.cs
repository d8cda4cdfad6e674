using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ReplyX.AppHost.Redis;

/// <summary>One command to one server of this machine, on a connection of its own.</summary>
internal static class RedisCommand
{
    /// <summary>Sends it.</summary>
    /// <returns>The answer's text.</returns>
    /// <exception cref="IOException">The server has refused it, or has closed the connection.</exception>
    /// <exception cref="SocketException">There is no server.</exception>
    public static async Task<string> SendAsync(int port, CancellationToken cancellationToken, params string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken).ConfigureAwait(false);
        var stream = client.GetStream();
        var request = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var first = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? throw new IOException($"port {port}: closed without an answer");
        switch (first[0])
        {
            case '-':
                throw new IOException($"port {port}: {first[1..]}");
            case '$':
                var text = new char[int.Parse(first.AsSpan(1), CultureInfo.InvariantCulture)];
                return await reader.ReadBlockAsync(text, cancellationToken).ConfigureAwait(false) == text.Length
                    ? new string(text)
                    : throw new IOException($"port {port}: ended amid an answer");
            default:
                return first[1..];
        }
    }
}
