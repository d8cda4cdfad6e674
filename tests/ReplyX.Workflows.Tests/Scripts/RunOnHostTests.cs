using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Scripts;

/// <summary>scripts/github/run-on-host.sh: what becomes of a deploy whose job is cancelled.</summary>
public sealed class RunOnHostTests
{
    private static readonly string _script = Repository.File("scripts", "github", "run-on-host.sh");

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("exit 0", 0)]
    public async Task The_exit_code_is_handed_on_and_kept_for_later_jobs(string command, int expected)
    {
        using var folder = new TempDirectory();

        var (exitCode, output) = await Command.RunAsync(Start(folder, $"echo the last word; {command}"));

        Assert.Equal(expected, exitCode);
        Assert.Contains("the last word", output, StringComparison.Ordinal);
        Assert.Equal($"code={expected}\n", await File.ReadAllTextAsync(folder.File("output"), TestTimeout.Token()));
        Assert.Contains($"the last word\nExit code: {expected}", await File.ReadAllTextAsync(folder.File("summary"), TestTimeout.Token()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_job_that_is_cancelled_waits_until_the_step_is_finished(string signal)
    {
        using var folder = new TempDirectory();
        var start = Start(folder, "trap 'echo told; read -r <go; echo finished; exit 2' TERM; mkfifo go; echo started; while :; do sleep 0.05; done");
        start.WorkingDirectory = folder.Path;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync(TestTimeout.Token()).AsTask().Within("the command's start"));

        await Command.RunAsync(new ProcessStartInfo("kill", ["-s", signal, $"{process.Id}"]));

        Assert.Equal("told", await process.StandardOutput.ReadLineAsync(TestTimeout.Token()).AsTask().Within("the signal"));
        Assert.False(process.HasExited);
        await File.WriteAllTextAsync(folder.File("go"), "\n", TestTimeout.Token());
        Assert.Equal("finished", await process.StandardOutput.ReadLineAsync(TestTimeout.Token()).AsTask().Within("the end"));
        await process.WaitForExitAsync(TestTimeout.Token());
        Assert.Equal(2, process.ExitCode);
        Assert.Equal("code=2\n", await File.ReadAllTextAsync(folder.File("output"), TestTimeout.Token()));
    }

    private static ProcessStartInfo Start(TempDirectory folder, string command)
    {
        var start = new ProcessStartInfo(_script, ["bash", "-c", command]);
        start.Environment["GITHUB_OUTPUT"] = folder.File("output");
        start.Environment["GITHUB_STEP_SUMMARY"] = folder.File("summary");
        return start;
    }
}
