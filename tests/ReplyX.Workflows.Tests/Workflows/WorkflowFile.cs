using ReplyX.Testing;
using YamlDotNet.RepresentationModel;

namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>A workflow, or an action of this repository, as text and as YAML.</summary>
internal sealed class WorkflowFile
{
    private readonly YamlMappingNode _root;

    public WorkflowFile(string name, string text)
    {
        (Name, Text) = (name, text);
        var yaml = new YamlStream();
        using var reader = new StringReader(text);
        yaml.Load(reader);
        _root = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    /// <summary>The workflows of this repository.</summary>
    public static IReadOnlyList<WorkflowFile> Workflows { get; } =
        [.. Directory.EnumerateFiles(Repository.File(".github", "workflows"), "*.yml").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Its actions, which workflows use by their path.</summary>
    public static IReadOnlyList<WorkflowFile> Actions { get; } =
        [.. Directory.EnumerateFiles(Repository.File(".github", "actions"), "action.yml", SearchOption.AllDirectories).Select(Read)];

    public string Name { get; }

    public string Text { get; }

    public YamlNode? this[string key] => Value(_root, key);

    public IReadOnlyList<(string Id, YamlMappingNode Node)> Jobs =>
        this["jobs"] is YamlMappingNode jobs ? [.. jobs.Select(job => (job.Key.ToString(), (YamlMappingNode)job.Value))] : [];

    /// <summary>The steps of every job, or of the action.</summary>
    public IEnumerable<YamlMappingNode> Steps =>
        Jobs.Select(job => job.Node).Append(this["runs"]).OfType<YamlMappingNode>()
            .Select(node => Value(node, "steps")).OfType<YamlSequenceNode>().SelectMany(steps => steps).OfType<YamlMappingNode>();

    /// <summary>What starts it, each with its filters, if it has any.</summary>
    public IReadOnlyDictionary<string, YamlMappingNode?> Events => this["on"] switch
    {
        YamlMappingNode events => events.ToDictionary(e => e.Key.ToString(), e => e.Value as YamlMappingNode),
        YamlSequenceNode events => events.ToDictionary(e => e.ToString(), _ => (YamlMappingNode?)null),
        { } one => new Dictionary<string, YamlMappingNode?> { [one.ToString()] = null },
        null => new Dictionary<string, YamlMappingNode?>(),
    };

    public static YamlNode? Value(YamlMappingNode? node, string key) =>
        node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string? Scalar(YamlMappingNode? node, string key) => (Value(node, key) as YamlScalarNode)?.Value;

    public static IReadOnlyList<string> Words(YamlNode? node) => node switch
    {
        YamlSequenceNode list => [.. list.Select(item => item.ToString())],
        YamlScalarNode { Value.Length: > 0 } one => [one.Value],
        _ => [],
    };

    private static WorkflowFile Read(string path) => new(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path));
}
