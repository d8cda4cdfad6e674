using System.Text.RegularExpressions;

namespace ReplyX.Validation.Sources;

/// <summary>A path for sockets as some text has it, with holes where that fills something in.</summary>
/// <param name="Text">As it stands there.</param>
/// <param name="Segments">Its parts; null where something is filled in.</param>
/// <param name="IsOpen">Whether more may follow: it ends with a slash, or with what stands for "and so on".</param>
internal sealed partial record WrittenPath(string Text, IReadOnlyList<string?> Segments, bool IsOpen)
{
    private const string Root = "/ws";

    /// <summary>The paths in a line of JavaScript, shell, Markdown or configuration.</summary>
    public static IEnumerable<WrittenPath> Find(string line) => Written().Matches(line).Select(match => Parse(match.Value));

    /// <summary>Whether it is a path of a route, or may be one.</summary>
    /// <param name="pattern">The route's pattern.</param>
    /// <param name="mayFill">Whether what is filled in may be a word that the route asks for, and not only an id.</param>
    public bool Fits(string pattern, bool mayFill = true)
    {
        var wanted = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (IsOpen ? wanted.Length >= Segments.Count : wanted.Length == Segments.Count)
            && Segments.Zip(wanted).All(pair => pair.Second[0] == '{' || (pair.First is { } word ? word == pair.Second : mayFill));
    }

    /// <summary>Reads one path.</summary>
    /// <param name="text">Begins with <c>/ws</c>; holes are in braces.</param>
    public static WrittenPath Parse(string text)
    {
        var segments = Segment().Matches(text).Select(match => match.Value[1..]).ToList();
        var isOpen = text.EndsWith('/') || text == Root || IsMore(segments[^1]);
        return new WrittenPath(text, [.. segments.Where(segment => segment.Length > 0 && !IsMore(segment)).Select(segment => IsHole(segment) ? null : segment)], isOpen);
    }

    private static bool IsMore(string segment) => segment is "…" or "..." or "*" or "**";

    private static bool IsHole(string segment) => segment[0] is '{' or '$' or '<' or ':';

    // Not "/ws.js" and "/wss".
    [GeneratedRegex(@"/ws(?![\w.\-])(?:/(?:\$?\{[^}]*\}|\$\w+|<[^>]+>|:\w+|…|\.\.\.|\*{1,2}|[\w~\-]+)?)*")]
    private static partial Regex Written();

    [GeneratedRegex(@"/(?:\$?\{[^}]*\}|[^/{]*)")]
    private static partial Regex Segment();
}
