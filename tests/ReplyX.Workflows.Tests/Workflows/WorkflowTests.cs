namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>The rules of this repository on its workflows, and that each rule finds what it is there for.</summary>
public sealed class WorkflowTests
{
    private static WorkflowFile Backend => WorkflowFile.Workflows.Single(file => file.Name.EndsWith("backend-tests.yml", StringComparison.Ordinal));

    [Fact]
    public void They_keep_the_rules()
    {
        WorkflowFile[] all = [.. WorkflowFile.Workflows, .. WorkflowFile.Actions];

        Assert.True(WorkflowFile.Workflows.Count >= 4);
        Assert.NotEmpty(WorkflowFile.Actions);
        string[] faults = [.. all.SelectMany(WorkflowRules.Faults), .. WorkflowRules.Disagreements(all)];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "actions/checkout@v7 is not pinned")]
    [InlineData("181273ba90b1 # v7.0.1", "181273ba90b1", "is not pinned")]
    [InlineData("./.github/actions/tools", "./.github/actions/tool", "is no action of this repository")]
    [InlineData("\npermissions: {}\n", "\n", "no permissions")]
    [InlineData("\npermissions: {}\n", "\npermissions: write-all\n", "permission write-all")]
    [InlineData("      contents: read", "      contents: write", "tests has permission contents: write")]
    [InlineData("  pull_request:", "  pull_request_target:", "runs on pull_request_target")]
    [InlineData("    timeout-minutes: 45\n", "", "tests has no timeout-minutes")]
    [InlineData("runs-on: ubuntu-24.04", "runs-on: ubuntu-latest", "runs on ubuntu-latest")]
    [InlineData("persist-credentials: false", "persist-credentials: true", "checkout leaves its token")]
    [InlineData("run-tests.sh \"$SUITE\"", "run-tests.sh ${{ matrix.suite }}", "an expression in a script")]
    [InlineData("scripts/github/run-tests.sh", "scripts/github/run-test.sh", "scripts/github/run-test.sh is not there")]
    [InlineData("concurrency:\n", "env:\n  A: b\nx-concurrency:\n", "no concurrency group")]
    public void Each_rule_finds_its_fault(string text, string fault, string message)
    {
        Assert.Contains(text, Backend.Text, StringComparison.Ordinal);
        var at = Backend.Text.IndexOf(text, StringComparison.Ordinal);
        var seeded = new WorkflowFile("seeded.yml", Unique(string.Concat(Backend.Text.AsSpan(0, at), fault, Backend.Text.AsSpan(at + text.Length))));

        var found = Assert.Single(WorkflowRules.Faults(seeded));

        Assert.Contains(message, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_of_which_a_pipe_may_fail_unseen_is_found()
    {
        var faults = WorkflowRules.Faults(new WorkflowFile("seeded.yml", Backend.Text.Replace("    shell: bash\n", "    shell: sh\n", StringComparison.Ordinal)));

        Assert.Equal(Backend.Steps.Count(step => WorkflowFile.Value(step, "run") is not null), faults.Count());
        Assert.All(faults, fault => Assert.Contains("a pipe's failure is not seen", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_versions_of_one_action_are_found()
    {
        var other = new WorkflowFile("other.yml", Backend.Text.Replace("3d3c42e5", "3d3c42e6", StringComparison.Ordinal));

        var found = Assert.Single(WorkflowRules.Disagreements([Backend, other]));

        Assert.Contains("actions/checkout is used in several versions", found, StringComparison.Ordinal);
    }

    // YAML has no two keys of one name.
    private static string Unique(string text) => text.Contains("x-concurrency", StringComparison.Ordinal)
        ? text.Replace("env:\n  DOTNET_NOLOGO", "x-env:\n  DOTNET_NOLOGO", StringComparison.Ordinal)
        : text;
}
