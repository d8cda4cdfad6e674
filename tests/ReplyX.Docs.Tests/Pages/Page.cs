using System.Text;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using ReplyX.Testing;

namespace ReplyX.Docs.Tests.Pages;

/// <summary>A page of Markdown in the repository, as GitHub reads it.</summary>
internal sealed class Page
{
    private static readonly MarkdownPipeline _pipeline = new MarkdownPipelineBuilder()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UsePipeTables()
        .UseAutoLinks()
        .Build();

    private readonly MarkdownDocument _document;

    private Page(string path, string text)
    {
        Path = path;
        Text = text;
        _document = Markdown.Parse(text, _pipeline);
    }

    /// <summary>Its path from the repository's root.</summary>
    public string Path { get; }

    public string Text { get; }

    public IEnumerable<HeadingBlock> Headings => _document.Descendants<HeadingBlock>();

    /// <summary>The names by which a link reaches a place in it.</summary>
    public IEnumerable<string> Anchors => Headings.Select(heading => heading.GetAttributes().Id!);

    /// <summary>Links and pictures, to other sites too.</summary>
    public IEnumerable<LinkInline> Links => _document.Descendants<LinkInline>();

    /// <summary>What is written as code amid a sentence.</summary>
    public IEnumerable<string> CodeSpans => _document.Descendants<CodeInline>().Select(code => code.Content);

    public IEnumerable<FencedCodeBlock> CodeBlocks => _document.Descendants<FencedCodeBlock>();

    public IEnumerable<Table> Tables => _document.Descendants<Table>();

    /// <summary>Every page of the repository.</summary>
    public static IReadOnlyList<Page> All { get; } = [.. Folder("").Order(StringComparer.Ordinal).Select(Read)];

    public static Page Read(string path) => new(path, File.ReadAllText(Repository.File(path)));

    /// <summary>The text of a block or inline without its marks.</summary>
    public static string TextOf(MarkdownObject part)
    {
        var text = new StringBuilder();
        foreach (var piece in ((part as LeafBlock)?.Inline ?? part).Descendants())
        {
            text.Append(piece switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                _ => "",
            });
        }

        return text.ToString();
    }

    /// <summary>The line that a block or inline begins on, from 1.</summary>
    public static int LineOf(MarkdownObject part) => part.Line + 1;

    // What is built, fetched or kept by a tool is none of ours; .github is.
    private static IEnumerable<string> Folder(string path)
    {
        var folder = Repository.File(path);
        var files = Directory.EnumerateFiles(folder, "*.md").Select(file => System.IO.Path.Combine(path, System.IO.Path.GetFileName(file)));
        return Directory.EnumerateDirectories(folder)
            .Select(System.IO.Path.GetFileName)
            .Where(name => name is not ("bin" or "obj" or "artifacts" or "node_modules" or "TestResults") && (name![0] != '.' || name == ".github"))
            .SelectMany(name => Folder(System.IO.Path.Combine(path, name!)))
            .Concat(files);
    }
}
