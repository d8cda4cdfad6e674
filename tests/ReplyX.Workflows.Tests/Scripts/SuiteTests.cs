using System.Diagnostics;
using System.Text.RegularExpressions;
using ReplyX.Testing;
using ReplyX.Workflows.Tests.Workflows;
using YamlDotNet.RepresentationModel;

namespace ReplyX.Workflows.Tests.Scripts;

/// <summary>GitHub runs the same tests as .ci/run, with the same programs.</summary>
public sealed partial class SuiteTests
{
    [Fact]
    public async Task Each_test_project_is_in_one_suite_and_each_suite_is_run()
    {
        var backend = WorkflowFile.Workflows.Single(file => file.Name.EndsWith("backend-tests.yml", StringComparison.Ordinal));
        var tests = backend.Jobs.Single(job => job.Id == "tests").Node;
        var matrix = (YamlMappingNode)WorkflowFile.Value((YamlMappingNode)WorkflowFile.Value(tests, "strategy")!, "matrix")!;
        List<string> projects = [];
        foreach (var suite in WorkflowFile.Words(WorkflowFile.Value(matrix, "suite")))
        {
            var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(Repository.File("scripts", "github", "run-tests.sh"), [suite, "--list"]));
            Assert.True(exitCode == 0, output);
            projects.AddRange(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(
            Directory.EnumerateFiles(Repository.File("tests"), "*.Tests.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order(),
            projects.Order());
    }

    [Fact]
    public void The_programs_are_those_that_ci_run_installs()
    {
        var list = ForTool().Match(File.ReadAllText(Repository.File(".ci", "run"))).Groups["tools"].Value;
        var action = WorkflowFile.Actions.Single(file => file.Name.Contains("/tools/", StringComparison.Ordinal));
        var programs = (YamlMappingNode)WorkflowFile.Value((YamlMappingNode)action["inputs"]!, "programs")!;

        Assert.NotEmpty(list);
        Assert.Equal(list.Split(' ').Order(), WorkflowFile.Scalar(programs, "default")!.Split(' ').Order());
    }

    [GeneratedRegex("for tool in (?<tools>[^;]+);")]
    private static partial Regex ForTool();
}
