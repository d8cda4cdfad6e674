using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ReplyX.Testing;

/// <summary>A Redis of a test's own: a real process on a random port with durable data, which the test may kill, pause and start again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int LinesKept = 40;

    private readonly TempDirectory _data = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _command;
    private readonly string[] _arguments;
    private Process? _process;
    private Reaper? _reaper;

    // A Sentinel: its configuration is a file, into which it writes what it learns.
    private RedisServer(Func<int, string> sentinel)
    {
        Kind = RedisKind.Redis;
        Port = FreePort.Next();
        _command = RequiredTool.Path("redis-server");
        var file = Path.Combine(_data.Path, "sentinel.conf");
        File.WriteAllText(file, sentinel(Port));
        _arguments = [file, "--sentinel", "--dir", _data.Path];
    }

    private RedisServer(RedisKind kind, string[] extraArguments)
    {
        Kind = kind;
        Port = FreePort.Next();
        var port = Port.ToString(CultureInfo.InvariantCulture);
        (_command, var arguments) = kind switch
        {
            RedisKind.Redis => (RequiredTool.Path("redis-server"), new[]
            {
                "--port", port, "--bind", "127.0.0.1", "--dir", _data.Path, "--daemonize", "no", "--save", "",
                "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
            }),
            RedisKind.Garnet => (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                [EmbeddedRedisAssembly, "--port", port, "--data", _data.Path]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        _arguments = [.. arguments, .. extraArguments];
    }

    public RedisKind Kind { get; }

    public int Port { get; }

    /// <summary>In StackExchange.Redis' format. A client that outlives a kill adds what it needs, <c>abortConnect=false</c> say.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Of the running process.</summary>
    public int ProcessId => Running.Id;

    /// <summary>What the server wrote last, for a failure's message.</summary>
    public string LastOutput => string.Join('\n', _output);

    /// <summary>Where its files lie; gone after <see cref="DisposeAsync"/>.</summary>
    public string DataDirectory => _data.Path;

    /// <summary>The path of ReplyX.EmbeddedRedis.dll, as built with the tests.</summary>
    public static string EmbeddedRedisAssembly => Repository.Metadata("EmbeddedRedis");

    /// <summary>Starts a server and waits until it answers PING. Skips the test where <paramref name="kind"/> cannot be had.</summary>
    /// <param name="kind">Which server.</param>
    /// <param name="extraArguments">Added to its command line.</param>
    public static async Task<RedisServer> StartAsync(RedisKind kind, params string[] extraArguments)
    {
        var server = new RedisServer(kind, extraArguments);
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a Sentinel, which is killed, paused and started again as any server.</summary>
    /// <param name="configuration">Its configuration, for its port.</param>
    internal static async Task<RedisServer> StartSentinelAsync(Func<int, string> configuration)
    {
        var sentinel = new RedisServer(configuration);
        try
        {
            await sentinel.LaunchAsync();
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it something on a connection of its own, and returns what it says as it stands on the wire.</summary>
    /// <param name="command">The command, without spaces in its parts.</param>
    public async Task<string> AskAsync(params string[] command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, TestTimeout.Token());
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{string.Join(' ', command)}\r\nPING\r\n"), TestTimeout.Token());

        // What is between here and the pong is the answer; a Sentinel knows no QUIT.
        const string End = "+PONG\r\n";
        var answer = "";
        var buffer = new byte[16 * 1024];
        while (!answer.EndsWith(End, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, TestTimeout.Token());
            answer += read > 0 ? Encoding.UTF8.GetString(buffer, 0, read) : throw new IOException("Redis ended amid an answer.");
        }

        return answer[..^End.Length];
    }

    /// <summary>SIGKILL: nothing is flushed, no client is told.</summary>
    public async Task KillAsync() => await EndAsync(Signal.Kill);

    /// <summary>SIGTERM, as a shutdown in good order.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync() => await EndAsync(Signal.Terminate);

    /// <summary>Starts again on the same port and data, and as what it was at first, after ending what still runs.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        await LaunchAsync();
    }

    /// <summary>SIGSTOP: the server holds its connections and answers nothing.</summary>
    public async Task PauseAsync()
    {
        Running.Send(Signal.Stop);
        await Running.WaitUntilStoppedAsync();
    }

    /// <summary>SIGCONT, and waits until it answers again.</summary>
    public async Task ResumeAsync()
    {
        Running.Send(Signal.Continue);
        await WaitUntilReadyAsync(Running);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _data.Dispose();
    }

    private Process Running => _process ?? throw new InvalidOperationException($"the {Kind} server is not running");

    private async Task LaunchAsync()
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(_command, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        _process = process;
        _reaper = new Reaper(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilReadyAsync(process);
    }

    private async Task<int> EndAsync(int signal)
    {
        var process = Running;
        _reaper?.Dispose();
        _reaper = null;
        process.Send(signal);
        if (signal == Signal.Kill)
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }
        else
        {
            // A paused process takes the signal only when it runs again.
            process.Send(Signal.Continue);
            await process.WaitForExitAsync(CancellationToken.None).Within($"{Kind} on port {Port} to stop; it said:\n{LastOutput}");
        }

        var exitCode = process.ExitCode;
        process.Dispose();
        _process = null;
        return exitCode;
    }

    private async Task WaitUntilReadyAsync(Process process)
    {
        var clock = Stopwatch.StartNew();
        while (!await AnswersPingAsync())
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{Kind} on port {Port} ended with {process.ExitCode}; it said:\n{LastOutput}");
            }

            if (clock.Elapsed > TestTimeout.Default)
            {
                throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:0} s for {Kind} on port {Port} to answer PING; it said:\n{LastOutput}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> AnswersPingAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray(), limit.Token);
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer, limit.Token);

            // While it loads its data Redis accepts, and answers -LOADING.
            return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (_output.Count > LinesKept)
        {
            _output.TryDequeue(out _);
        }
    }
}
