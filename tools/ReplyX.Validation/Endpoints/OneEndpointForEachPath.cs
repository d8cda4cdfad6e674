using System.Globalization;

namespace ReplyX.Validation.Endpoints;

/// <summary>Two handlers of one socket path once split a dialog's events. Neither service may have a second one, wide patterns included.</summary>
internal sealed class OneEndpointForEachPath : ICheck
{
    public string Claim => "each socket path is one endpoint, of the realtime service";

    public Verdict Judge(Subject subject)
    {
        var graph = subject.Graph;
        var faults = new List<Fault>();
        foreach (var group in graph.Table.GroupBy(row => row.Path).Where(group => group.Count() > 1))
        {
            faults.Add(new Fault($"{group.Key} stands {group.Count()} times in the table", subject.InTable(group.Key)));
        }

        foreach (var path in graph.Table.Select(row => row.Path).Distinct())
        {
            var example = graph.Table.First(row => row.Path == path).Example;
            var answering = graph.Realtime.Where(endpoint => endpoint.Answers(example)).ToList();
            if (answering.Count == 0)
            {
                faults.Add(new Fault($"{path} is answered by no endpoint", subject.InTable(path)));
            }
            else if (answering.Count > 1)
            {
                faults.Add(new Fault($"{path} is answered by {answering.Count} endpoints: {string.Join(" and ", answering)}", subject.InTable(path)));
            }

            faults.AddRange(graph.Api
                .Where(endpoint => endpoint.Answers(example) && !endpoint.IsForSockets)
                .Select(endpoint => new Fault($"{path} is answered by the HTTP API too: {endpoint}", subject.InTable(path))));
        }

        faults.AddRange(graph.Realtime
            .Where(endpoint => endpoint.IsForSockets && endpoint.Route is null)
            .Select(endpoint => new Fault($"{endpoint} is below /ws, and not from the table", subject.InTable(endpoint.Pattern.RawText ?? ""))));
        faults.AddRange(graph.Api
            .Where(endpoint => endpoint.IsForSockets)
            .Select(endpoint => new Fault($"{endpoint} is below /ws, which is the realtime service's alone", new Place("ReplyX.Api"))));
        return new Verdict(faults, string.Create(
            CultureInfo.InvariantCulture, $"{graph.Table.Count} paths, {graph.Realtime.Count} endpoints of realtime, {graph.Api.Count} of api"));
    }
}
