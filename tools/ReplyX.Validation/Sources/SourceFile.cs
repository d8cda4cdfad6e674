using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ReplyX.Validation.Sources;

/// <summary>A file of text.</summary>
internal sealed class SourceFile(string path, string text)
{
    /// <summary>How C# is read: whatever the compiler knows is allowed, since the build says what is.</summary>
    public static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private readonly Lazy<SyntaxTree> _syntax = new(() => CSharpSyntaxTree.ParseText(text, Options, path));
    private readonly Lazy<string[]> _lines = new(() => text.ReplaceLineEndings("\n").Split('\n'));

    /// <summary>Where it lies, from the tree's root.</summary>
    public string Path => path;

    public string Text => text;

    public IReadOnlyList<string> Lines => _lines.Value;

    /// <summary>The file as C#.</summary>
    public SyntaxTree Syntax => _syntax.Value;

    /// <summary>A line, from 1.</summary>
    public Place At(int line) => new(path, line);

    /// <summary>Where a piece of the syntax stands.</summary>
    public Place At(Location location) => At(location.GetLineSpan().StartLinePosition.Line + 1);

    /// <summary>The first line that has a text; the file as a whole if none has.</summary>
    public Place PlaceOf(string part)
    {
        var line = Array.FindIndex(_lines.Value, line => line.Contains(part, StringComparison.Ordinal));
        return line < 0 ? new Place(path) : At(line + 1);
    }
}
