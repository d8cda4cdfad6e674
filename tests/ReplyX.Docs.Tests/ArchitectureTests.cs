using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ReplyX.Docs.Tests.Pages;
using ReplyX.Testing;

namespace ReplyX.Docs.Tests;

public sealed partial class ArchitectureTests
{
    private const string Folder = "docs/images/architecture";

    [Fact]
    public void Every_picture_is_drawn_from_the_source_below_it()
    {
        var page = Page.Read("docs/websocket/architecture.md");
        var sources = page.CodeBlocks.Where(block => block.Info == "mermaid").Select(block => block.Lines.ToString() + "\n").ToList();
        var pictures = page.Links.Where(link => link.IsImage).Select(link => Path.GetFileName(link.Url!)).ToList();

        Assert.True(sources.Count >= 6, "Components, pools, a message, a resumption, a connection and a drain are to be drawn.");
        Assert.Equal(sources.Count, pictures.Count);
        Assert.Equal(
            pictures.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Repository.File(Folder)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Faults.None(
            from pair in pictures.Zip(sources, (picture, source) => (Picture: picture, Source: source))
            where SourceOf(pair.Picture) != Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pair.Source)))
            select $"{Folder}/{pair.Picture} was not drawn from its source in {page.Path}: node docs/images/architecture.mjs");
    }

    private static string SourceOf(string picture) => Hash().Match(File.ReadAllText(Repository.File(Folder, picture))).Groups[1].Value;

    [GeneratedRegex("<metadata>source sha256:([0-9a-f]{64})</metadata>")]
    private static partial Regex Hash();
}
