using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReplyX.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>
/// Files of compose as compose takes them together: what a service extends, and what files that follow add, is merged, and variables have
/// values. As much of it as these files use. ComposeConfigTests has compose itself read them.
/// </summary>
internal static partial class ComposeFiles
{
    public const string Shared = "docker-compose.yml";
    public const string Blue = "docker-compose.blue.yml";
    public const string Green = "docker-compose.green.yml";
    public const string Archive = "docker-compose.archive.yml";

    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["REPLYX_PUBLIC_HOST"] = "chat.example.com",
        ["REPLYX_TLS_DIR"] = "/etc/replyx/tls",
        ["REPLYX_SECRETS_GID"] = "980",
        ["REPLYX_MONITORING_TAG"] = "1.0.0",
        ["REPLYX_UPSTREAMS_DIR"] = "/var/lib/replyx/upstreams",
        ["REPLYX_ARCHIVE_DIR"] = "/var/lib/replyx-archive",
        ["REPLYX_BLUE_TAG"] = "1.0.0-blue",
        ["REPLYX_GREEN_TAG"] = "1.0.0-green",
        ["BOOTSTRAP_ACCOUNT_NAME"] = "The shop",
        ["BOOTSTRAP_OWNER_LOGIN"] = "olga@shop.example",
    };

    public static string Path(string file) => Repository.File("deploy", file);

    public static IEnumerable<string> NamesOfVariables() =>
        Directory.EnumerateFiles(Repository.File("deploy"), "docker-compose*.yml")
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value)
            .Distinct();

    public static JsonObject Read(params ReadOnlySpan<string> files)
    {
        var all = new JsonObject();
        foreach (var file in files)
        {
            var document = Load(file);
            foreach (var (name, service) in document["services"]!.AsObject().ToArray())
            {
                if (service!.AsObject().Remove("extends", out var extends))
                {
                    var extended = Load((string)extends!["file"]!)["services"]![(string)extends["service"]!]!.DeepClone();
                    document["services"]![name] = Merge(extended.AsObject(), service.AsObject());
                }
            }

            Merge(all, document);
        }

        return all;
    }

    private static JsonObject Load(string file)
    {
        using var reader = new StreamReader(Path(file));
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(reader)));
        var document = Convert(stream.Documents.Single().RootNode).AsObject();
        foreach (var extension in document.Select(member => member.Key).Where(key => key.StartsWith("x-", StringComparison.Ordinal)).ToArray())
        {
            document.Remove(extension);
        }

        return document;
    }

    private static JsonObject Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (into[key] is JsonObject before && value is JsonObject after)
            {
                Merge(before, after);
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }

        return into;
    }

    private static JsonNode Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(member =>
            KeyValuePair.Create(((YamlScalarNode)member.Key).Value!, (JsonNode?)Convert(member.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        _ => JsonValue.Create(Variable().Replace(((YamlScalarNode)node).Value ?? "", Value)),
    };

    private static string Value(Match match)
    {
        var value = Variables.GetValueOrDefault(match.Groups["name"].Value);
        return match.Groups["operator"].Value switch
        {
            ":-" or "-" => value ?? match.Groups["rest"].Value,
            _ => value ?? throw new InvalidOperationException($"{match.Value} has no value here"),
        };
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]*)(?:(?<operator>:-|-|:\?)(?<rest>[^}]*))?\}")]
    private static partial Regex Variable();
}
