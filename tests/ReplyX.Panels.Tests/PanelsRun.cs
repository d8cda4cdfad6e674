using System.Xml.Linq;
using ReplyX.Testing;

namespace ReplyX.Panels.Tests;

/// <summary>The tool, run once in this process on dashboards that a test writes.</summary>
internal sealed class PanelsRun : IDisposable
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private readonly TempDirectory _folder = new();

    public int ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public string Errors { get; private set; } = "";

    public string PagePath => _folder.File("page.html");

    /// <summary>The page, which is read as XML: it is written so that what would be markup in it would be found here.</summary>
    public XElement Page => XDocument.Load(PagePath).Root!;

    public IReadOnlyList<string> Files(string name) => Directory.GetFiles(_folder.File(name));

    public static async Task<PanelsRun> OfAsync(string prometheus, string dashboard, params IEnumerable<string> arguments)
    {
        var run = new PanelsRun();
        Directory.CreateDirectory(run._folder.File("dashboards"));
        await File.WriteAllTextAsync(run._folder.File("dashboards", "test.json"), dashboard);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var given = arguments.Select(argument => argument.Replace("@", run._folder.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal)).ToList();
        string[] place = given.Contains("--out") ? [] : ["--out", run.PagePath];
        run.ExitCode = await new PanelsCommand(output, errors, TimeProvider.System).RunAsync(
            ["--prometheus", prometheus, "--dashboards", run._folder.File("dashboards"), .. place, .. given], TestTimeout.Token());
        (run.Output, run.Errors) = (output.ToString(), errors.ToString());
        return run;
    }

    /// <summary>The drawing of the panel with this title.</summary>
    public XElement Panel(string title)
        => Page.Descendants(_svg + "svg").Single(svg => svg.Attribute("aria-label")?.Value == title);

    /// <summary>All that is written in a panel.</summary>
    public IReadOnlyList<string> TextsOf(string title) => [.. Panel(title).Descendants(_svg + "text").Select(text => text.Value)];

    public void Dispose() => _folder.Dispose();
}
