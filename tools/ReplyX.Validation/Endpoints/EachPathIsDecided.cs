using System.Globalization;

namespace ReplyX.Validation.Endpoints;

/// <summary>The table has the paths that were decided, and no others.</summary>
internal sealed class EachPathIsDecided : ICheck
{
    public string Claim => "the table has the paths that were decided";

    public Verdict Judge(Subject subject)
    {
        var table = subject.Graph.Table;
        return new Verdict(
            [
                .. Decision.All
                    .Where(decision => !table.Any(row => row.Path == decision.Path))
                    .Select(decision => new Fault($"{decision.Path} is missing in the table", new Place(Subject.TableFile))),
                .. table
                    .Where(row => !Decision.All.Any(decision => decision.Path == row.Path))
                    .Select(row => new Fault($"{row.Path} was not decided: tools/ReplyX.Validation/Decision.cs does not have it", subject.InTable(row.Path))),
            ],
            string.Create(CultureInfo.InvariantCulture, $"{table.Count} of {Decision.All.Count}"));
    }
}
