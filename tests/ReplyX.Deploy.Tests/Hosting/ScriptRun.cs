using System.Collections.Concurrent;
using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.Hosting;

/// <summary>One run of a script, which tells its lines as they come and may be killed.</summary>
internal sealed class ScriptRun : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private Reaper? _reaper;

    private ScriptRun(Process process) => _process = process;

    public ConcurrentQueue<string> Lines { get; } = new();

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Variables beside the environment.</param>
    /// <param name="onLine">Hears every line.</param>
    public static ScriptRun Start(string script, string[] arguments, (string Name, string Value)[] settings, Action<string> onLine)
    {
        var start = new ProcessStartInfo(RequiredTool.Path("bash"), [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var run = new ScriptRun(process);
        process.OutputDataReceived += (_, line) => run.Hear(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => run.Hear(line.Data, onLine);
        process.Start();
        run._reaper = new Reaper(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; 137 if it was killed.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).Within($"a script to end; it said:\n{string.Join('\n', Lines)}", _limit);
        Dispose();
        return _process.ExitCode;
    }

    /// <summary>Waits for a moment of it, or its end.</summary>
    /// <returns>Whether the moment came.</returns>
    public async Task<bool> UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            if (HasEnded)
            {
                return false;
            }

            await Task.Delay(5);
        }

        return true;
    }

    /// <summary>Sends a signal, to the script alone.</summary>
    public void Send(int signal) => _process.Send(signal);

    /// <summary>
    /// SIGTERM until it ends, as somebody does who sees nothing happen: bash 5.2 now and then loses a signal that comes while it reads a
    /// command substitution, and says "trap: unexpected EOF" instead of doing what the trap says.
    /// </summary>
    public async Task<int> TerminateAsync()
    {
        while (!HasEnded)
        {
            Send(Signal.Terminate);
            await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(_again));
        }

        return await EndAsync();
    }

    /// <summary>Lets go of it; it runs on.</summary>
    public void Dispose() => Interlocked.Exchange(ref _reaper, null)?.Dispose();

    private void Hear(string? line, Action<string> onLine)
    {
        if (line is not null)
        {
            Lines.Enqueue(line);
            onLine(line);
        }
    }
}
