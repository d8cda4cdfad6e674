using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace ReplyX.Distributed.Tests.Azure;

/// <summary>
/// Renders one of the templates in <c>ReplyX.AppHost/infra</c> as azd does: Go's text/template with azd's functions, as far as the templates
/// use them. Whatever else stands in one fails.
/// </summary>
internal sealed partial class AzdTemplate(Func<string, bool, string> parameter, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Where the services of a published project listen: .NET's own default in a container.</summary>
    public const string ProjectPort = "8080";

    /// <summary>What stands for the environment's domain, which azd learns when it has made the environment.</summary>
    public const string Domain = "<AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN>";

    /// <summary>Renders the text and reads it as YAML.</summary>
    public Dictionary<object, object> Read(string template) =>
        new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<Dictionary<object, object>>(Action().Replace(template, action => Evaluate(action.Groups[1].Value)));

    private string Evaluate(string action)
    {
        var tokens = new Queue<string>(Token().Matches(action).Select(token => token.Value));
        var value = Call(tokens);
        return tokens.Count == 0 ? value : throw new FormatException($"'{tokens.Peek()}' is one too many in {action}");
    }

    private string Call(Queue<string> tokens)
    {
        var function = tokens.Dequeue();
        return function switch
        {
            ".Image" => "<image>",
            _ when function.StartsWith(".Env.", StringComparison.Ordinal) => $"<{function[5..]}>",
            "parameter" => parameter(Operand(tokens), false),
            "securedParameter" => parameter(Operand(tokens), true),
            "parameterWithDefault" => environment.GetValueOrDefault(Variable(Operand(tokens)), Operand(tokens)),
            "targetPortOrDefault" => Operand(tokens) is { Length: > 0 } ? ProjectPort : throw new FormatException("a port is missing"),
            "printf" => Operand(tokens) switch
            {
                "%q" => $"\"{Operand(tokens).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                var format => format.Replace("%s", Operand(tokens), StringComparison.Ordinal),
            },
            _ => throw new FormatException($"azd has no {function}, or this test does not know it"),
        };
    }

    private string Operand(Queue<string> tokens)
    {
        var token = tokens.Dequeue();
        if (token == "(")
        {
            var value = Call(tokens);
            return tokens.Dequeue() == ")" ? value : throw new FormatException("a parenthesis is open");
        }

        return token[0] == '"' ? token[1..^1]
            : token[0] == '.' ? Call(new Queue<string>([token]))
            : char.IsDigit(token[0]) ? token
            : throw new FormatException($"{token} is no operand");
    }

    // As azd names the variable of a parameter.
    private static string Variable(string name)
    {
        var variable = new StringBuilder("AZURE_");
        foreach (var letter in name)
        {
            variable.Append(letter == '-' ? '_' : char.ToUpperInvariant(letter));
        }

        return variable.ToString();
    }

    [GeneratedRegex(@"\{\{ ((?:""[^""]*""|[^""])*?) \}\}")]
    private static partial Regex Action();

    [GeneratedRegex("""
        "[^"]*"|[()]|[^\s()"]+
        """)]
    private static partial Regex Token();
}
