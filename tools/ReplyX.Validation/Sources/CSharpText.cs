using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplyX.Validation.Sources;

/// <summary>What C# says in strings.</summary>
internal static class CSharpText
{
    private const string Hole = "{}";

    /// <summary>The text of a literal or an interpolated string, with <c>{}</c> for each hole; null for anything else.</summary>
    public static string? Of(SyntaxNode? node) => node switch
    {
        LiteralExpressionSyntax literal when literal.Token.Value is string text => text,
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.Utf8StringLiteralExpression) => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(part =>
            part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : Hole)),
        _ => null,
    };

    /// <summary>The path for sockets that a string is, from its beginning; null if it is none.</summary>
    /// <param name="node">The string.</param>
    public static WrittenPath? PathOf(SyntaxNode? node)
    {
        var text = Of(node);
        return text is not null && (text.StartsWith("ws/", StringComparison.Ordinal) || text.StartsWith("/ws", StringComparison.Ordinal))
            ? WrittenPath.Find(text[0] == '/' ? text : "/" + text).FirstOrDefault(path => path.Text.StartsWith("/ws", StringComparison.Ordinal))
            : null;
    }

    /// <summary>Every string of a file that is a path for sockets.</summary>
    public static IEnumerable<(SyntaxNode Node, WrittenPath Path)> Paths(SourceFile file) =>
        from node in file.Syntax.GetRoot().DescendantNodes()
        where node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax
        let path = PathOf(node)
        where path is not null
        select (node, path);
}
