using ReplyX.Workflows.Tests.Rulesets;

namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>What main requires is a job that always reports, and that cannot pass by being skipped.</summary>
public sealed class RequiredChecksTests
{
    [Fact]
    public void Each_is_a_job_that_always_reports()
    {
        Assert.Equal(["backend-tests", "websocket-code-quality"], MainRuleset.RequiredChecks);
        Assert.Empty(MainRuleset.RequiredChecks.SelectMany(check => Faults(check, WorkflowFile.Workflows)));
    }

    [Theory]
    [InlineData("  backend-tests:\n", "  backend:\n", "no job reports")]
    [InlineData("  pull_request:\n", "  pull_request:\n    paths-ignore: [docs/**]\n", "does not run for every pull request")]
    [InlineData("  merge_group:\n", "", "does not run on merge_group")]
    [InlineData("    if: always()\n", "", "is skipped, and so passes")]
    [InlineData("needs: [tests, checks]", "needs: [tests]", "does not need checks")]
    public void One_that_would_not_is_found(string text, string fault, string message)
    {
        var backend = WorkflowFile.Workflows.Single(file => file.Name.EndsWith("backend-tests.yml", StringComparison.Ordinal));
        Assert.Contains(text, backend.Text, StringComparison.Ordinal);

        var found = Assert.Single(Faults("backend-tests", [new WorkflowFile("seeded.yml", backend.Text.Replace(text, fault, StringComparison.Ordinal))]));

        Assert.Contains(message, found, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Faults(string check, IReadOnlyList<WorkflowFile> workflows)
    {
        var jobs = workflows.SelectMany(file => file.Jobs.Select(job => (File: file, job.Id, job.Node)))
            .Where(job => (WorkflowFile.Scalar(job.Node, "name") ?? job.Id) == check).ToList();
        if (jobs is not [var (file, id, job)])
        {
            yield return jobs.Count == 0 ? $"{check}: no job reports it" : $"{check}: {jobs.Count} jobs report it";
            yield break;
        }

        foreach (var trigger in (string[])["pull_request", "merge_group", "push"])
        {
            if (!file.Events.ContainsKey(trigger))
            {
                yield return $"{check} does not run on {trigger}";
            }
        }

        // A filter by branch is as bad as one by path: a pull request into another branch may be pointed at main later.
        if (file.Events.TryGetValue("pull_request", out var filters) && filters is not null)
        {
            yield return $"{check} does not run for every pull request";
        }

        var needs = WorkflowFile.Words(WorkflowFile.Value(job, "needs"));
        var condition = WorkflowFile.Scalar(job, "if");
        if (needs.Count > 0 ? condition != "always()" : condition is not null)
        {
            yield return $"{check} is skipped, and so passes, when what it needs fails";
        }

        foreach (var other in file.Jobs.Select(other => other.Id).Where(other => other != id).Except(needs))
        {
            yield return $"{check} does not need {other}, which nobody would wait for";
        }
    }
}
