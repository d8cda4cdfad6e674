namespace ReplyX.Validation.Routing;

/// <summary>Each path is opened by the one credential that was decided: one token of every kind was tried on it.</summary>
internal sealed class EachPathAsksForItsCredential : ICheck
{
    private const string Gatekeeper = "ReplyX.Realtime/Admission/Gatekeeper.cs";

    public string Claim => "each path is opened by its credential and by no other";

    public Verdict Judge(Subject subject)
    {
        var faults = new List<Fault>();
        foreach (var row in subject.Graph.Table)
        {
            // A path that was not decided must ask for one too.
            var decided = Decision.All.FirstOrDefault(decision => decision.Path == row.Path)?.Credential;
            if (row.Opens.Count == 0)
            {
                faults.Add(new Fault($"{row.Path} is opened by no credential", new Place(Gatekeeper)));
            }
            else if (decided is not null && !row.Opens.Contains(decided))
            {
                faults.Add(new Fault($"{row.Path} is not opened by the {decided}", new Place(Gatekeeper)));
            }

            faults.AddRange(row.Opens
                .Where(opens => opens != decided && (decided is not null || opens == Services.Credentials.NoToken))
                .Select(opens => new Fault($"{row.Path} is opened by {(opens == Services.Credentials.NoToken ? opens : $"another one, the {opens}")}", new Place(Gatekeeper))));
        }

        return new Verdict(faults, string.Join(", ", subject.Graph.Table.Select(row => $"{row.Kind}: {string.Join(" or ", row.Opens)}")));
    }
}
