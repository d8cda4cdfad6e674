using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Bench.Processes;

/// <summary>A server as a process of its own, which ends with this one.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 40;

    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(10);
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly Process _process;
    private readonly Reaper _reaper;
    private readonly Queue<string> _output = new();

    private ServerProcess(string name, ProcessStartInfo start)
    {
        Name = name;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _reaper = new Reaper(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    /// <summary>What it wrote last, for a failure's message.</summary>
    public string LastOutput
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts a server and waits until a request to its port is answered, with whatever status.</summary>
    /// <param name="name">What it is called in the results.</param>
    /// <param name="start">How it is started.</param>
    /// <param name="probe">What to ask for.</param>
    /// <param name="wantsSuccess">Whether only a 2xx will do.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<ServerProcess> StartAsync(string name, ProcessStartInfo start, Uri probe, bool wantsSuccess, CancellationToken cancel)
    {
        var server = new ServerProcess(name, start);
        try
        {
            await server.WaitUntilAnswersAsync(probe, wantsSuccess, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to end, and kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Send(Signal.Terminate);
        using var limit = new CancellationTokenSource(_stopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _reaper.Dispose();
        _process.Dispose();
    }

    private async Task WaitUntilAnswersAsync(Uri probe, bool wantsSuccess, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(probe, HttpCompletionOption.ResponseHeadersRead, cancel);
                if (answer.IsSuccessStatusCode || !wantsSuccess)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Not yet.
            }

            if (_process.HasExited || clock.Elapsed > _startLimit)
            {
                throw new BenchException($"{Name} did not answer after {clock.Elapsed.TotalSeconds:0} s; it said:\n{LastOutput}");
            }

            await Task.Delay(50, cancel);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > LinesKept)
            {
                _output.Dequeue();
            }
        }
    }
}
