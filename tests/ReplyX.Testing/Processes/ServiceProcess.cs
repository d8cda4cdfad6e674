using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ReplyX.Testing;

/// <summary>One of the services as a process of its own, which may be killed, stopped and started again on the same port.</summary>
/// <param name="name">What failures call it.</param>
/// <param name="assembly">Where it lies.</param>
/// <param name="environment">The variables that it is given.</param>
/// <param name="files">How many files it may have open; null for as many as this process.</param>
internal sealed class ServiceProcess(string name, string assembly, IReadOnlyDictionary<string, string> environment, int? files = null)
    : IAsyncDisposable
{
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private Process? _process;
    private Reaper? _reaper;

    public string Name => name;

    public int Port { get; } = FreePort.Next();

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    public ServiceLog Log { get; } = new();

    /// <summary>0 while it does not run.</summary>
    public int ProcessId { get; private set; }

    public bool HasExited => _process is not { HasExited: false };

    /// <summary>How many files it has open, sockets among them.</summary>
    public int OpenFiles => Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/fd")).Length;

    /// <summary>Whether a node, by the id that its greetings name, is the process.</summary>
    public static bool IsNode(string? node, int processId) => node?.Contains(string.Create(CultureInfo.InvariantCulture, $"-{processId}-"), StringComparison.Ordinal) == true;

    /// <summary>How a service is started.</summary>
    public static ProcessStartInfo Prepare(string assembly, IReadOnlyDictionary<string, string> environment, Uri address, int? files = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

        // Settings files are read from the current folder.
        var start = files is { } most
            ? new ProcessStartInfo("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {most}; exec \"$0\" \"$1\""), dotnet, assembly])
            : new ProcessStartInfo(dotnet, [assembly]);
        start.WorkingDirectory = Path.GetDirectoryName(assembly);
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        return start;
    }

    /// <summary>Starts it and waits until it is alive.</summary>
    public async Task StartAsync()
    {
        var start = Prepare(assembly, environment, Address, files);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => Log.Add(line.Data);
        process.Start();
        _process = process;
        _reaper = new Reaper(process);
        ProcessId = process.Id;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilAliveAsync(process);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => EndAsync(Signal.Kill);

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => EndAsync(Signal.Terminate);

    /// <summary>Asks it over HTTP to drain, and waits until it holds no socket. It runs on.</summary>
    public async Task DrainAsync()
    {
        // To ask once more begins nothing anew and tells how far it is.
        var clock = Stopwatch.StartNew();
        while (await CommandAsync("drain") > 0)
        {
            if (clock.Elapsed > TestTimeout.Default)
            {
                throw new TimeoutException($"{name} still held sockets {clock.Elapsed.TotalSeconds:0} s after it was drained; it said:\n{Log.Last}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Asks it over HTTP to take sockets again.</summary>
    public Task UndrainAsync() => CommandAsync("undrain");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    private async Task<int> CommandAsync(string command)
    {
        using var answer = await _http.PostAsync(new Uri(Address, $"/internal/{command}"), content: null);
        answer.EnsureSuccessStatusCode();
        using var state = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return state.RootElement.GetProperty("sockets").GetInt32();
    }

    private async Task<int> EndAsync(int signal)
    {
        var process = _process ?? throw new InvalidOperationException($"{name} is not running");
        process.Send(signal);
        await process.WaitForExitAsync(CancellationToken.None).Within($"{name} to end; it said:\n{Log.Last}");
        _reaper?.Dispose();
        _reaper = null;
        _process = null;
        ProcessId = 0;
        var exitCode = process.ExitCode;
        process.Dispose();
        return exitCode;
    }

    private async Task WaitUntilAliveAsync(Process process)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(Address, "/alive"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not yet.
            }

            if (process.HasExited || clock.Elapsed > TestTimeout.Default)
            {
                throw new TimeoutException($"{name} was not alive after {clock.Elapsed.TotalSeconds:0} s; it said:\n{Log.Last}");
            }

            await Task.Delay(50);
        }
    }
}
