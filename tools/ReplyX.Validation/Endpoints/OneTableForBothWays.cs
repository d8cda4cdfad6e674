using System.Globalization;

namespace ReplyX.Validation.Endpoints;

/// <summary>A socket comes through the listener beside the HTTP server, or through the server. Both must find the same row of one table.</summary>
internal sealed class OneTableForBothWays : ICheck
{
    private const string Listener = "ReplyX.Realtime/Listening/UpgradeHead.cs";

    public string Claim => "the listener and the HTTP server find a path in one table";

    public Verdict Judge(Subject subject)
    {
        var graph = subject.Graph;
        var faults = new List<Fault>();
        foreach (var row in graph.Table.Where(row => !graph.Listener.Any(answer => answer.Path == row.Example)))
        {
            faults.Add(new Fault($"{row.Path} was not asked of the listener", new Place(Listener)));
        }

        foreach (var answer in graph.Listener)
        {
            // One that has no row is another check's.
            var ofServer = graph.Realtime.FirstOrDefault(endpoint => endpoint.Route is not null && endpoint.Answers(answer.Path))?.Route;
            if (answer.Route != ofServer)
            {
                faults.Add(new Fault(
                    $"{answer.Path} is {Name(answer.Route)} for the listener and {Name(ofServer)} for the HTTP server",
                    ofServer is null ? new Place(Listener) : subject.InTable(ofServer)));
            }
        }

        return new Verdict(faults, string.Create(CultureInfo.InvariantCulture, $"{graph.Listener.Count} paths asked of both"));
    }

    private static string Name(string? route) => route ?? "no socket";
}
