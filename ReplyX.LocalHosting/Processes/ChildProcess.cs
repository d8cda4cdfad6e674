using System.Globalization;
using System.Text;
using CliWrap;

namespace ReplyX.LocalHosting.Processes;

/// <summary>A running command that is stopped when this process ends, even if this process is killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    // How long the reaper may take to exit after it has killed its child.
    private static readonly TimeSpan _reaperSlack = TimeSpan.FromSeconds(3);

    private static readonly Lazy<string> _reaperScript = new(() =>
    {
        using var stream = typeof(ChildProcess).Assembly.GetManifestResourceStream("reaper.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _force = new();
    private readonly TimeSpan _grace;

    private ChildProcess(TimeSpan grace) => _grace = grace;

    /// <summary>The command's process id; null if the command ended before the id was known.</summary>
    public Task<int?> Started => _started.Task;

    /// <summary>Completes when the command has ended, with its exit code.</summary>
    public Task<int> Completion { get; private set; } = Task.FromResult(0);

    public static ChildProcess Start(ProcessSpec spec, Action<string, bool> onLine)
    {
        var child = new ChildProcess(spec.StopGrace);
        var grace = ((int)Math.Ceiling(spec.StopGrace.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        // On Windows there is no reaper: that would need a job object.
        var command = OperatingSystem.IsWindows()
            ? Cli.Wrap(spec.Command).WithArguments(spec.Arguments)
            : Cli.Wrap(SessionTool.Path).WithArguments([.. SessionTool.Arguments, "/bin/sh", "-c", _reaperScript.Value, "reaper", grace, spec.Command, .. spec.Arguments]);
        command = command
            .WithWorkingDirectory(spec.WorkingDirectory)
            .WithEnvironmentVariables(spec.Environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create((pipe, cancellationToken) => child.KeepInputOpenAsync(pipe, ShellUnsafe.Of(spec.Environment), cancellationToken)))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                if (!child._started.Task.IsCompleted && int.TryParse(line, CultureInfo.InvariantCulture, out var id))
                {
                    child._started.TrySetResult(id);
                    return;
                }

                onLine(line, false);
            }))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => onLine(line, true)));
        var running = command.ExecuteAsync(child._force.Token, CancellationToken.None);
        if (OperatingSystem.IsWindows())
        {
            child._started.TrySetResult(running.ProcessId);
        }

        child.Completion = child.WatchAsync(running);
        return child;
    }

    /// <summary>Asks the command to stop, and kills it after the grace time.</summary>
    public async Task StopAsync()
    {
        if (Completion.IsCompleted)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            await _force.CancelAsync().ConfigureAwait(false);
        }

        _release.TrySetResult();
        try
        {
            await Completion.WaitAsync(_grace + _reaperSlack).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _force.CancelAsync().ConfigureAwait(false);
            await ((Task)Completion).WaitAsync(_reaperSlack).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>To be called only after the command has ended.</summary>
    public void Dispose() => _force.Dispose();

    private async Task KeepInputOpenAsync(Stream pipe, string variables, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes($"{variables}\n"), cancellationToken).ConfigureAwait(false);
            await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await _release.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> WatchAsync(CommandTask<CommandResult> running)
    {
        try
        {
            return (await running.ConfigureAwait(false)).ExitCode;
        }
        catch (OperationCanceledException)
        {
            // As a shell reports SIGKILL.
            return 137;
        }
        finally
        {
            _started.TrySetResult(null);
            _release.TrySetResult();
        }
    }
}
