using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ReplyX.Bench.Memory;

/// <summary>A redis-server from PATH that holds its data in memory alone, unless it is told otherwise.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private RedisProcess(Process process, DirectoryInfo folder, int port, string version)
    {
        _process = process;
        _folder = folder;
        Port = port;
        Version = version;
    }

    public int Port { get; }

    public string Version { get; }

    /// <summary>User and system time up to now.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public int ProcessId => _process.Id;

    /// <summary>The port that other servers of its cluster come to, if it was told one; 0 if not.</summary>
    public int ClusterPort { get; private init; }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static async Task<RedisProcess> StartAsync(params string[] arguments)
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("replyx-bench");
        var process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", folder.FullName, "--appendonly", "no", .. arguments])
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
                var clusterPort = Array.IndexOf(arguments, "--cluster-port");
                return new RedisProcess(process, folder, port, version)
                {
                    ClusterPort = clusterPort < 0 ? 0 : int.Parse(arguments[clusterPort + 1], CultureInfo.InvariantCulture),
                };
            }
        }

        throw new InvalidOperationException($"redis-server ended with {process.ExitCode}.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
