using System.Diagnostics;
using ReplyX.Testing;
using ReplyX.Workflows.Tests.Workflows;

namespace ReplyX.Workflows.Tests.Scripts;

/// <summary>ShellCheck on every script, those in workflows too.</summary>
public sealed class ShellTests
{
    public ShellTests() => RequiredTool.Path("shellcheck");

    [Fact]
    public async Task It_finds_nothing_in_any_script()
    {
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(Repository.File("scripts", "github", "check-shell.sh")));

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Every_script_is_looked_at_whatever_its_name()
    {
        var (_, output) = await Command.RunAsync(new ProcessStartInfo(Repository.File("scripts", "github", "check-shell.sh"), ["--list"]));

        var scripts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(".ci/run", scripts);
        Assert.Contains("scripts/github/check-shell.sh", scripts);
        Assert.Contains("ReplyX.LocalHosting/Processes/reaper.sh", scripts);
        Assert.DoesNotContain(scripts, script => script.EndsWith(".cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_finds_nothing_in_the_steps_of_workflows()
    {
        using var folder = new TempDirectory();
        var files = WorkflowFile.Workflows.Concat(WorkflowFile.Actions)
            .SelectMany(file => file.Steps.Select(step => (file.Name, step.Start.Line, Run: WorkflowFile.Scalar(step, "run"))))
            .Where(step => step.Run is not null)
            .Select(step =>
            {
                var path = folder.File($"{Path.GetFileNameWithoutExtension(step.Name)}-{step.Line}.sh");
                // As GitHub runs it where a step names no shell, or bash.
                File.WriteAllText(path, $"#!/usr/bin/env bash\nset -eo pipefail\n{step.Run}\n");
                return path;
            })
            .ToList();
        Assert.True(files.Count > 10);

        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(RequiredTool.Path("shellcheck"), files));

        Assert.True(exitCode == 0, output);
    }
}
