using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>Workflows and actions by the schema that GitHub publishes of them, and by what their expressions can reach.</summary>
public sealed class PublishedSchemaTests
{
    [Fact]
    public async Task GitHub_understands_each_of_them_and_would_not_a_faulty_one()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder.File("actions"));
        (string File, string Text, string Fault, string Message)[] seeds =
        [
            ("backend-tests.yml", "timeout-minutes: 45", "timeout-minute: 45", "Unexpected value 'timeout-minute'"),
            ("backend-tests.yml", "needs: [tests, checks]", "needs: [tests, check]", "depends on unknown job 'check'"),
            ("websocket-health-check.yml", "cron: '*/15 * * * *'", "cron: 'often'", "cron"),
            ("websocket-health-check.yml", "steps.check.outputs.code", "steps.checked.outputs.code", "Context access might be invalid: checked"),
            ("deploy.yml", "inputs.driver == 'compose'", "inputs.drivers == 'compose'", "Context access might be invalid: drivers"),
            ("deploy.yml", "needs: [release, approve]", "needs: [approve]", "Context access might be invalid: release"),
            ("action.yml", "shell: bash", "shells: bash", "Unexpected value 'shells'"),
        ];
        var files = seeds.Select((seed, index) =>
        {
            var original = WorkflowFile.Workflows.Concat(WorkflowFile.Actions).Single(file => Path.GetFileName(file.Name) == seed.File);
            Assert.Contains(seed.Text, original.Text, StringComparison.Ordinal);
            var path = seed.File == "action.yml" ? folder.File("actions", $"{index}.yml") : folder.File($"{index}.yml");
            File.WriteAllText(path, original.Text.Replace(seed.Text, seed.Fault, StringComparison.Ordinal));
            return path;
        }).ToArray();

        var (_, output) = await PublishedSchema.CheckAsync(
            [.. WorkflowFile.Workflows.Concat(WorkflowFile.Actions).Select(file => Repository.File(file.Name)), .. files]);

        var faults = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(faults, fault => Assert.Contains(files, file => fault.StartsWith(file, StringComparison.Ordinal)));
        Assert.All(seeds.Zip(files), seed => Assert.Contains(
            faults, fault => fault.StartsWith(seed.Second, StringComparison.Ordinal) && fault.Contains(seed.First.Message, StringComparison.Ordinal)));
    }
}
