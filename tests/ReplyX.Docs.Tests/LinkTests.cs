using ReplyX.Docs.Tests.Pages;
using ReplyX.Testing;

namespace ReplyX.Docs.Tests;

public sealed class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading()
    {
        var pages = Page.All.ToDictionary(page => page.Path);
        Assert.Contains("docs/websocket/architecture.md", pages.Keys);
        Assert.True(pages.Values.Sum(page => page.Links.Count()) > 400, "Most links were not found.");

        Faults.None(
            from page in pages.Values
            from link in page.Links
            where link.Url is { } url && !Uri.TryCreate(url, UriKind.Absolute, out _)
            let fault = FaultOf(pages, page, link.Url!)
            where fault is not null
            select $"{page.Path}:{Page.LineOf(link)}: {link.Url}: {fault}");
    }

    private static string? FaultOf(Dictionary<string, Page> pages, Page page, string url)
    {
        var parts = url.Split('#', 2);
        var path = parts[0] is "" ? page.Path : Resolve(page.Path, Uri.UnescapeDataString(parts[0]));
        if (path.StartsWith("..", StringComparison.Ordinal))
        {
            return "leaves the repository";
        }

        if (!File.Exists(Repository.File(path)) && !Directory.Exists(Repository.File(path)))
        {
            return "no such file";
        }

        return parts is [_, var anchor] && pages.TryGetValue(path, out var target) && !target.Anchors.Contains(Uri.UnescapeDataString(anchor))
            ? $"{path} has no such heading"
            : null;
    }

    private static string Resolve(string page, string url) => Path.GetRelativePath(
        Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, url[0] == '/' ? "" : Path.GetDirectoryName(page)!, url.TrimStart('/'))));
}
