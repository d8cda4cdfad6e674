using System.Text.RegularExpressions;
using ReplyX.Testing;
using YamlDotNet.RepresentationModel;

namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>What this repository wants of a workflow, beyond what GitHub does.</summary>
internal static partial class WorkflowRules
{
    // Their runs have the secrets and the rights of main, on code that anybody may have sent.
    private static readonly string[] _dangerousEvents = ["pull_request_target", "workflow_run", "issue_comment"];

    public static IEnumerable<string> Faults(WorkflowFile file) => Pins(file).Concat(Steps(file)).Concat(file.Jobs.Count == 0 ? [] : Whole(file)).Concat(Jobs(file));

    /// <summary>Two pins of one action: one of them was forgotten.</summary>
    public static IEnumerable<string> Disagreements(IEnumerable<WorkflowFile> files) =>
        files.SelectMany(file => Pin().Matches(file.Text))
            .GroupBy(pin => pin.Groups["action"].Value, pin => $"{pin.Groups["commit"].Value} {pin.Groups["version"].Value}")
            .Where(pins => pins.Distinct().Count() > 1)
            .Select(pins => $"{pins.Key} is used in several versions: {string.Join(", ", pins.Distinct())}");

    private static IEnumerable<string> Pins(WorkflowFile file)
    {
        foreach (var (line, number) in file.Text.Split('\n').Select((line, index) => (line, index + 1)))
        {
            if (Uses().Match(line) is not { Success: true } uses)
            {
                continue;
            }

            var action = uses.Groups["action"].Value;
            if (action.StartsWith("./", StringComparison.Ordinal))
            {
                if (!File.Exists(Repository.File(action[2..], "action.yml")))
                {
                    yield return $"{file.Name}:{number}: {action} is no action of this repository";
                }
            }
            else if (!Pin().IsMatch(line))
            {
                yield return $"{file.Name}:{number}: {action} is not pinned to a commit, with its version behind it as a comment";
            }
        }
    }

    private static IEnumerable<string> Whole(WorkflowFile file)
    {
        if (file["permissions"] is not { } permissions)
        {
            yield return $"{file.Name}: no permissions, so that it has whatever the repository's settings give";
        }
        else if (NotRead(permissions) is { } extra)
        {
            yield return $"{file.Name}: permission {extra}";
        }

        if (file["concurrency"] is null && file.Jobs.All(job => WorkflowFile.Value(job.Node, "concurrency") is null))
        {
            yield return $"{file.Name}: no concurrency group";
        }

        foreach (var dangerous in _dangerousEvents.Intersect(file.Events.Keys))
        {
            yield return $"{file.Name}: runs on {dangerous}";
        }
    }

    private static IEnumerable<string> Jobs(WorkflowFile file)
    {
        foreach (var (id, job) in file.Jobs)
        {
            if (WorkflowFile.Scalar(job, "timeout-minutes") is null)
            {
                yield return $"{file.Name}: {id} has no timeout-minutes";
            }

            if (WorkflowFile.Scalar(job, "runs-on") is { } machine && !PinnedMachine().IsMatch(machine))
            {
                yield return $"{file.Name}: {id} runs on {machine}, which is another machine one day";
            }

            if (WorkflowFile.Value(job, "permissions") is { } permissions && NotRead(permissions) is { } extra)
            {
                yield return $"{file.Name}: {id} has permission {extra}";
            }
        }
    }

    private static IEnumerable<string> Steps(WorkflowFile file)
    {
        var isBash = file["defaults"] is YamlMappingNode defaults && WorkflowFile.Scalar(WorkflowFile.Value(defaults, "run") as YamlMappingNode, "shell") == "bash";
        foreach (var step in file.Steps)
        {
            var run = WorkflowFile.Scalar(step, "run") ?? "";
            if (run.Contains("${{", StringComparison.Ordinal))
            {
                yield return $"{file.Name}:{step.Start.Line}: an expression in a script becomes part of the script: give it by the environment";
            }

            if (run.Length > 0 && !isBash && WorkflowFile.Scalar(step, "shell") != "bash")
            {
                yield return $"{file.Name}:{step.Start.Line}: without \"shell: bash\" a pipe's failure is not seen";
            }

            foreach (var path in Paths().Matches(run).Select(path => path.Value).Where(path => !Path.Exists(Repository.File(path))))
            {
                yield return $"{file.Name}:{step.Start.Line}: {path} is not there";
            }

            if (WorkflowFile.Scalar(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true
                && WorkflowFile.Scalar(WorkflowFile.Value(step, "with") as YamlMappingNode, "persist-credentials") != "false")
            {
                yield return $"{file.Name}:{step.Start.Line}: checkout leaves its token where every later step can read it";
            }
        }
    }

    // Nothing here writes to the repository.
    private static string? NotRead(YamlNode permissions) => permissions switch
    {
        YamlMappingNode each => each.Where(one => one.Value.ToString() is not ("read" or "none")).Select(one => $"{one.Key}: {one.Value}").FirstOrDefault(),
        var all => all.ToString(),
    };

    [GeneratedRegex(@"^\s*(?:-\s+)?uses:\s*(?<action>\S+)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"uses: (?<action>[\w.-]+/[\w./-]+)@(?<commit>[0-9a-f]{40}) # (?<version>v\d+\.\d+\.\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Pin();

    [GeneratedRegex(@"^[a-z]+-\d+(\.\d+)?$")]
    private static partial Regex PinnedMachine();

    // Those of the tree that a deploy leaves on the host, too.
    [GeneratedRegex(@"(?:(?<=\$TREE/)|(?<![\w./$}-]))(?:scripts|tests|tools|eng|observability|docs|deploy)/[\w./-]*\w(?![\w*])")]
    private static partial Regex Paths();
}
