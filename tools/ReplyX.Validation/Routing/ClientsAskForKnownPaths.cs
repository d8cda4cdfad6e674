using System.Globalization;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Routing;

/// <summary>Whatever opens sockets does so on paths of the table: clients, pages, scripts, load, samples, and proxies' configuration.</summary>
internal sealed class ClientsAskForKnownPaths : ICheck
{
    // Other servers' paths are theirs.
    private static readonly (string Folder, string[] Extensions)[] _texts =
    [
        ("clients/js/src", [".js"]),
        ("ReplyX.Api/wwwroot", [".js", ".html"]),
        ("docs/perf", [".js"]),
        ("eng/k6", [".mjs", ".js", ".ts"]),
        ("scripts", [".sh"]),
        ("deploy", [".sh", ".conf", ".template", ".yml", ".yaml"]),
    ];

    private static readonly string[] _code = ["ReplyX.Api", "ReplyX.AppHost", "ReplyX.Client", "samples", "scripts", "bench/ReplyX.Bench", "tests/ReplyX.Recorder", "tests/ReplyX.Testing"];

    public string Claim => "clients ask for paths of the table";

    public Verdict Judge(Subject subject)
    {
        var texts = _texts.SelectMany(set => subject.Tree.Files(set.Folder, set.Extensions)).ToList();
        var code = _code.SelectMany(folder => subject.Tree.Files(folder, ".cs")).ToList();
        var written = texts
            .SelectMany(file => file.Lines.SelectMany((line, at) => WrittenPath.Find(line).Select(path => (Path: path, Place: file.At(at + 1)))))
            .Concat(code.SelectMany(file => CSharpText.Paths(file).Select(found => (found.Path, Place: file.At(found.Node.GetLocation())))))
            .ToList();
        List<Fault> faults =
        [
            .. written
                .Where(one => !subject.Graph.Table.Any(row => one.Path.Fits(row.Path)))
                .Select(one => new Fault($"{one.Path.Text} is a path that no route has", one.Place)),
            .. subject.Graph.Addresses.SelectMany(made => Judge(subject, made)),
        ];

        // The scan must see what is known to be there.
        if (written.Count == 0)
        {
            faults.Add(new Fault("no path was found in any client, so this check would see nothing", new Place("clients/js/src")));
        }

        return new Verdict(faults, string.Create(
            CultureInfo.InvariantCulture, $"{written.Count} paths in {texts.Count + code.Count} files, {subject.Graph.Addresses.Count} addresses made"));
    }

    private static IEnumerable<Fault> Judge(Subject subject, Services.MadeAddress made)
    {
        var row = subject.Graph.Table.FirstOrDefault(row => row.Kind == made.Kind);
        if (row is null || !WrittenPath.Parse(made.Path).Fits(row.Path))
        {
            yield return new Fault(
                $"{made.Path} is made for {made.Kind}, whose path is {row?.Path ?? "not in the table"}",
                subject.Tree.Find(made.By)?.PlaceOf("ws/") ?? new Place(made.By));
        }
    }
}
