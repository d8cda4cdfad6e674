using System.Net.Sockets;
using System.Text;

namespace ReplyX.Testing;

/// <summary>Every command that a Redis server is given, by whomever, between start and stop.</summary>
public sealed class RedisMonitor : IAsyncDisposable
{
    private readonly RedisServer _server;
    private readonly TcpClient _client = new();
    private StreamReader _reader = null!;

    private RedisMonitor(RedisServer server) => _server = server;

    /// <summary>Starts to listen; what is sent after this is heard.</summary>
    /// <param name="server">A server of the kind <see cref="RedisKind.Redis"/>.</param>
    public static async Task<RedisMonitor> StartAsync(RedisServer server)
    {
        var monitor = new RedisMonitor(server);
        await monitor._client.ConnectAsync("127.0.0.1", server.Port, TestTimeout.Token());
        var stream = monitor._client.GetStream();
        monitor._reader = new StreamReader(stream, Encoding.UTF8);
        await stream.WriteAsync("MONITOR\r\n"u8.ToArray(), TestTimeout.Token());
        await monitor._reader.ReadLineAsync(TestTimeout.Token());
        return monitor;
    }

    /// <summary>The next command, as MONITOR prints it.</summary>
    public async Task<string> ReadAsync() =>
        await _reader.ReadLineAsync(TestTimeout.Token()) ?? throw new IOException("Redis has ended MONITOR.");

    /// <summary>Every command up to now, as MONITOR prints it.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        // Commands are heard in the order they were run in: after this one there is nothing to wait for.
        var end = Guid.NewGuid().ToString("N");
        using var last = new TcpClient();
        await last.ConnectAsync("127.0.0.1", _server.Port, TestTimeout.Token());
        await last.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"ECHO {end}\r\n"), TestTimeout.Token());
        var commands = new List<string>();
        while (await _reader.ReadLineAsync(TestTimeout.Token()) is { } line && !line.Contains(end, StringComparison.Ordinal))
        {
            commands.Add(line);
        }

        return commands;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
