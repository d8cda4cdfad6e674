using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReplyX.Distributed.Tests.Azure;

/// <summary>What azd makes of the expressions of a manifest, such as <c>{api.bindings.https.url}</c>, in a container app.</summary>
internal sealed partial class AzdValues(PublishedManifest manifest)
{
    /// <summary>The value of a text with expressions in it.</summary>
    public string Of(string text) => Expression().Replace(text, expression => Of(expression.Groups[1].Value, expression.Groups[2].Value));

    /// <summary>What a parameter is, where the deployment has not set it: its default, or its name to show which it was.</summary>
    public string Parameter(string name) =>
        Input(name).TryGetProperty("default", out var otherwise) && otherwise.TryGetProperty("value", out var value) ? value.GetString()! : $"<{name}>";

    /// <summary>Whether a text has a secret in it, or a connection string, which azd keeps as one.</summary>
    public bool HasSecret(string text) => Expression().Matches(text).Any(expression =>
        expression.Groups[2].Value == "connectionString" || (expression.Groups[2].Value == "value" && IsSecret(expression.Groups[1].Value)));

    public bool IsSecret(string parameter) => Input(parameter).TryGetProperty("secret", out var secret) && secret.GetBoolean();

    /// <summary>The parameter that azd's name, with underscores, is of.</summary>
    public string? Find(string azdName) => manifest.All.Where(resource => resource.Value.GetProperty("type").GetString() == "parameter.v0")
        .Select(resource => resource.Name).FirstOrDefault(name => name.Replace('-', '_') == azdName);

    private string Of(string resource, string property) => property.Split('.') switch
    {
        ["value"] => Parameter(resource),
        ["connectionString"] => Of(manifest[resource].GetProperty("connectionString").GetString()!),
        ["bindings", var binding, var part] => Binding(resource, manifest[resource].GetProperty("bindings").GetProperty(binding), part),
        _ => throw new FormatException($"{{{resource}.{property}}} is an expression that this test does not know"),
    };

    private static string Binding(string resource, JsonElement binding, string part)
    {
        var scheme = binding.GetProperty("scheme").GetString()!;
        var isHttp = scheme is "http" or "https";
        var port = binding.TryGetProperty("targetPort", out var target) ? $"{target}" : AzdTemplate.ProjectPort;
        var host = !isHttp ? resource
            : binding.TryGetProperty("external", out var external) && external.GetBoolean() ? $"{resource}.{AzdTemplate.Domain}"
            : $"{resource}.internal.{AzdTemplate.Domain}";
        return part switch
        {
            "targetPort" => port,
            "host" => host,
            "port" when !isHttp => port,
            "url" when isHttp => $"{scheme}://{host}",
            _ => throw new FormatException($"the {part} of a {scheme} binding is an expression that this test does not know"),
        };
    }

    private JsonElement Input(string parameter) => manifest[parameter].GetProperty("inputs").GetProperty("value");

    [GeneratedRegex(@"\{([\w-]+)\.([\w.-]+)\}")]
    private static partial Regex Expression();
}
