using System.Collections.Concurrent;
using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests.Support;

/// <summary>
/// A host in a process of its own, as a user starts it. Everything it starts inherits a mark in its environment, by which whatever is left
/// of it is found.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string MarkVariable = "REPLYX_TEST_MARK";

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;

    private HostProcess(string[] args, IReadOnlyDictionary<string, string> variables)
    {
        var assembly = typeof(Projects.ReplyX_LocalHosting_TestHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[MarkVariable] = _mark;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Process Process => _process;

    public IReadOnlyList<string> Output => [.. _output];

    public IReadOnlyList<string> Errors => [.. _errors];

    public static HostProcess Start(params string[] args) => new(args, new Dictionary<string, string>());

    public static HostProcess Start(IReadOnlyDictionary<string, string> variables, params string[] args) => new(args, variables);

    public async Task UntilReadyAsync() =>
        await UntilAsync(() => _output.Any(line => line.StartsWith("Ready in ", StringComparison.Ordinal)), "the host to say that it is ready");

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Within($"the host to exit\n{Everything()}");
        return _process.ExitCode;
    }

    /// <summary>What runs still, of the host and all that it started.</summary>
    public IReadOnlyList<string> Left()
    {
        var left = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText($"{folder}/environ").Contains($"{MarkVariable}={_mark}", StringComparison.Ordinal))
                {
                    left.Add($"{Path.GetFileName(folder)} {File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ')}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is another user's.
            }
        }

        return left;
    }

    public async Task UntilNothingIsLeftAsync() => await UntilAsync(() => Left().Count == 0, "every process of the host to be gone", Left);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await UntilNothingIsLeftAsync();
        _process.Dispose();
    }

    public string Everything() => string.Join('\n', Output.Concat(Errors));

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private async Task UntilAsync(Func<bool> condition, string what, Func<IReadOnlyList<string>>? detail = null)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            if (limit.Elapsed > TestTimeout.Default)
            {
                throw new TimeoutException($"waited {limit.Elapsed.TotalSeconds:0} s for {what}\n{string.Join('\n', detail?.Invoke() ?? [])}\n{Everything()}");
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
