using System.Text.RegularExpressions;

namespace ReplyX.Testing;

/// <summary>A metric that an expression selects, with what it wants of its labels.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Matchers">Labels, each with the operator and the value that it is held against.</param>
public sealed record PromqlSelector(string Metric, IReadOnlyList<(string Label, string Operator, string Value)> Matchers);

/// <summary>
/// The metrics and labels that an expression of PromQL names. It does not judge the expression, which Prometheus does; it only tells
/// names from functions, keywords and texts.
/// </summary>
public sealed partial class PromqlNames
{
    private static readonly HashSet<string> _groupings = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    private static readonly HashSet<string> _words = [.. _groupings, "and", "or", "unless", "bool", "offset", "inf", "nan", "atan2"];

    private PromqlNames(IReadOnlyList<PromqlSelector> selectors, IReadOnlySet<string> grouped) => (Selectors, Grouped) = (selectors, grouped);

    public IReadOnlyList<PromqlSelector> Selectors { get; }

    /// <summary>Labels that series are grouped, joined or carried over by.</summary>
    public IReadOnlySet<string> Grouped { get; }

    public static PromqlNames Read(string expression)
    {
        var tokens = Token().Matches(expression).Select(match => match.Value).Where(token => token.Trim().Length > 0 && token[0] != '#').ToList();
        List<PromqlSelector> selectors = [];
        HashSet<string> grouped = [];
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            var next = at + 1 < tokens.Count ? tokens[at + 1] : "";
            if (_groupings.Contains(token.ToLowerInvariant()))
            {
                if (next == "(")
                {
                    for (at += 2; tokens[at] != ")"; at++)
                    {
                        if (tokens[at] != ",")
                        {
                            grouped.Add(tokens[at]);
                        }
                    }
                }
            }
            else if (char.IsLetter(token[0]) || token[0] is '_' or ':')
            {
                // A function, a keyword, or an aggregation with its grouping before its parenthesis.
                if (next == "(" || _words.Contains(token.ToLowerInvariant()) || next is "by" or "without")
                {
                    continue;
                }

                List<(string, string, string)> matchers = [];
                if (next == "{")
                {
                    for (at += 2; tokens[at] != "}"; at++)
                    {
                        if (tokens[at] == ",")
                        {
                            continue;
                        }

                        matchers.Add((tokens[at], tokens[at + 1], tokens[at + 2][1..^1]));
                        at += 2;
                    }
                }

                selectors.Add(new PromqlSelector(token, matchers));
            }
        }

        return new PromqlNames(selectors, grouped);
    }

    // Texts, ranges, names, numbers with units, and whatever is one sign.
    [GeneratedRegex("""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+[a-z]*|=~|!~|!=|==|<=|>=|\#[^\n]*|\S)""")]
    private static partial Regex Token();
}
