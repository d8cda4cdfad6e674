using System.Diagnostics;
using ReplyX.Testing;
using ReplyX.Workflows.Tests.Rulesets;

namespace ReplyX.Workflows.Tests.Scripts;

/// <summary>scripts/github/require-checks.sh: what may be deployed. `gh` is a script that answers as GitHub does.</summary>
public sealed class RequireChecksTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public RequireChecksTests() => RequiredTool.Path("jq");

    [Theory]
    [InlineData("""{"conclusion":"success","status":"completed"}""", 0, "backend-tests: success")]
    [InlineData("""{"conclusion":"failure","status":"completed"}""", 1, "backend-tests: failure")]
    [InlineData("""{"conclusion":"skipped","status":"completed"}""", 1, "backend-tests: skipped")]
    [InlineData("""{"conclusion":null,"status":"in_progress"}""", 1, "backend-tests: in_progress")]
    [InlineData("""{"conclusion":"success"},{"conclusion":"failure"}""", 1, "backend-tests: failure, success")]
    [InlineData("", 1, "backend-tests: not run")]
    [InlineData(null, 2, "GitHub did not say how backend-tests ended")]
    public async Task Only_a_commit_whose_required_checks_passed_is_let_through(string? runs, int expected, string message)
    {
        using var folder = new TempDirectory();
        var gh = folder.File("gh");
        await File.WriteAllTextAsync(gh, $$"""
            #!/bin/sh
            echo "$*" >>"$(dirname "$0")/calls"
            {{(runs is null ? "exit 1" : $"cat <<'EOF'\n{{\"check_runs\":[{runs}]}}\nEOF")}}
            """, TestTimeout.Token());
        File.SetUnixFileMode(gh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(Repository.File("scripts", "github", "require-checks.sh"), ["replyx/chat", Commit]);
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        var (exitCode, output) = await Command.RunAsync(start);

        Assert.True(exitCode == expected, output);
        Assert.Contains(message, output, StringComparison.Ordinal);
        if (runs is not null)
        {
            // Each of the ruleset's, and only as GitHub Actions told it.
            var calls = await File.ReadAllLinesAsync(folder.File("calls"), TestTimeout.Token());
            Assert.Equal(MainRuleset.RequiredChecks.Count, calls.Length);
            Assert.All(calls.Zip(MainRuleset.RequiredChecks), call =>
                Assert.Contains($"repos/replyx/chat/commits/{Commit}/check-runs -f check_name={call.Second} -F app_id=15368", call.First, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("replyx/chat", "main")]
    [InlineData("replyx", Commit)]
    public async Task What_is_no_commit_is_refused(string repository, string commit)
    {
        var (exitCode, _) = await Command.RunAsync(new ProcessStartInfo(Repository.File("scripts", "github", "require-checks.sh"), [repository, commit]));

        Assert.Equal(64, exitCode);
    }
}
