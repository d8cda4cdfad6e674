using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ReplyX.Testing;

/// <summary>The channels that a Redis server has subscribers on.</summary>
public static class RedisChannels
{
    /// <summary>Asks for them, the sharded ones included where the server knows such.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(RedisServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port, TestTimeout.Token());
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. await AskAsync("CHANNELS"), .. await AskAsync("SHARDCHANNELS")];

        async Task<IReadOnlyList<string>> AskAsync(string which)
        {
            var command = string.Create(CultureInfo.InvariantCulture, $"*2\r\n$6\r\nPUBSUB\r\n${which.Length}\r\n{which}\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command), TestTimeout.Token());
            var head = await reader.ReadLineAsync(TestTimeout.Token());
            if (head is not ['*', .. var count])
            {
                return []; // A server that has none of that kind.
            }

            var channels = new string[int.Parse(count, CultureInfo.InvariantCulture)];
            for (var i = 0; i < channels.Length; i++)
            {
                await reader.ReadLineAsync(TestTimeout.Token());
                channels[i] = await reader.ReadLineAsync(TestTimeout.Token()) ?? throw new IOException("Redis ended amid an answer.");
            }

            return channels;
        }
    }
}
