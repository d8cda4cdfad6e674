using System.Diagnostics;
using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A service as a process of its own, in Production: what only a process has, such as its limit of files and its exit code.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 200;

    private readonly Process _process;
    private readonly Reaper _reaper;
    private readonly Queue<string> _lines = [];

    private ServiceProcess(Process process, Uri url)
    {
        _process = process;
        _reaper = new Reaper(process);
        Url = url;
    }

    public Uri Url { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>How many files it has open, sockets among them.</summary>
    public int OpenFiles => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <summary>What it wrote last.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The least that a realtime node in Production needs; the key is the one of <see cref="RealtimeNode"/>.</summary>
    public static Dictionary<string, string> Settings(string redis) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__redis"] = redis,
        ["Tokens__SigningKey"] = RealtimeNode.SigningKey,
        ["Metrics__Token"] = "a metrics token for this test",
        ["Origins__ChatHosts__0"] = RealtimeNode.ChatHost,
        ["Realtime__PublicUrl"] = "https://realtime.example.com",
    };

    /// <summary>How to start one.</summary>
    /// <param name="service">Its assembly's name.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="files">How many files it may have open; null for as many as this process.</param>
    public static ProcessStartInfo Prepare(string service, IReadOnlyDictionary<string, string> settings, Uri url, int? files = null)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{service}.dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(files is { } most ? string.Create(CultureInfo.InvariantCulture, $"ulimit -n {most}; exec \"$0\" \"$1\"") : "exec \"$0\" \"$1\"");
        start.ArgumentList.Add(dotnet);
        start.ArgumentList.Add(assembly);
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = url.ToString();
        return start;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ServiceProcess> StartAsync(string service, IReadOnlyDictionary<string, string> settings, int? files = null)
    {
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var start = Prepare(service, settings, url, files);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = new Process { StartInfo = start };
        process.Start();
        var started = new ServiceProcess(process, url);
        process.OutputDataReceived += (_, line) => started.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => started.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = url };
        var deadline = TestTimeout.Token();
        while (true)
        {
            try
            {
                (await http.GetAsync("/alive", deadline)).EnsureSuccessStatusCode();
                return started;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(50, deadline);
            }
            catch (Exception)
            {
                await started.DisposeAsync();
                throw new InvalidOperationException($"{service} is not alive; it said:\n{started.Output}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Send(Signal.Kill);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _reaper.Dispose();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
            }

            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }
}
