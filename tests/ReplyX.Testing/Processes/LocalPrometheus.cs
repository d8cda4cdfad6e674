using System.Diagnostics;

namespace ReplyX.Testing;

/// <summary>Prometheus as <c>observability/prometheus/start.sh</c> starts it, on a port of its own.</summary>
public sealed class LocalPrometheus : IDisposable
{
    private readonly Process _process;

    private LocalPrometheus(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="folder">The folder of start.sh.</param>
    /// <param name="data">Where it keeps its series.</param>
    /// <param name="settings">What start.sh is told beside that.</param>
    public static async Task<LocalPrometheus> StartAsync(string folder, string data, Dictionary<string, string> settings)
    {
        RequiredTool.Path("prometheus");
        var port = FreePort.Next();
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(folder, "start.sh")]) { RedirectStandardError = true };
        start.Environment["DATA_DIR"] = data;
        start.Environment["LISTEN"] = $"127.0.0.1:{port}";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var started = new LocalPrometheus(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        var said = started._process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var http = new HttpClient { BaseAddress = started.Address };
        var deadline = TestTimeout.Token();
        while (true)
        {
            Assert.False(started._process.HasExited, started._process.HasExited ? await said : "");
            try
            {
                using var answer = await http.GetAsync(new Uri("/-/ready", UriKind.Relative), deadline);
                if (answer.IsSuccessStatusCode)
                {
                    return started;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, deadline);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
