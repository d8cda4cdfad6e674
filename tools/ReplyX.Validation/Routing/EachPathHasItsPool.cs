namespace ReplyX.Validation.Routing;

/// <summary>Widgets in the wrong pool once saw half of the events. Each path has the pool that was decided.</summary>
internal sealed class EachPathHasItsPool : ICheck
{
    public string Claim => "each path has the pool that was decided";

    public Verdict Judge(Subject subject)
    {
        var faults = new List<Fault>();
        foreach (var row in subject.Graph.Table)
        {
            if (Decision.All.FirstOrDefault(decision => decision.Path == row.Path) is not { } decision)
            {
                faults.Add(new Fault($"{row.Path} has no pool that was decided", subject.InTable(row.Path)));
                continue;
            }

            if (row.Kind != decision.Kind)
            {
                faults.Add(new Fault($"{row.Path} is for {decision.Kind}, not for {row.Kind}", subject.InTable(row.Path)));
            }

            if (row.Pool != decision.Pool)
            {
                faults.Add(new Fault($"the pool of {row.Path} has to be {decision.Pool}, not {row.Pool}", subject.InTable(row.Path)));
            }
        }

        return new Verdict(faults, string.Join(", ", subject.Graph.Table.Select(row => $"{row.Kind}: {row.Pool}")));
    }
}
