using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ReplyX.Bench.Memory;

/// <summary>A redis-server from PATH that holds its data in memory alone, unless it is told otherwise.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly Process _process;

    private RedisProcess(Process process, int port, string version)
    {
        _process = process;
        Port = port;
        Version = version;
    }

    public int Port { get; }

    public string Version { get; }

    public static async Task<RedisProcess> StartAsync(params string[] arguments)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var version = "redis-server";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Redis version=", StringComparison.Ordinal))
            {
                version = line[line.IndexOf("Redis version=", StringComparison.Ordinal)..].Split(',')[0];
            }

            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // A full pipe would stop the server.
                _ = process.StandardOutput.ReadToEndAsync();
                return new RedisProcess(process, port, version);
            }
        }

        throw new InvalidOperationException($"redis-server ended with {process.ExitCode}.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
