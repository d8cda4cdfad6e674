namespace ReplyX.Validation.Routing;

/// <summary>A pool has a limit, which holds for its own paths alone; its metrics; and its count in the health report.</summary>
internal sealed class EachPoolIsAccountedFor : ICheck
{
    private static readonly string[] _metrics =
        ["websocket_dialogs", "websocket_pool_connections", "websocket_pool_limit", "websocket_pool_visitor_limit"];

    public string Claim => "each pool has a limit, metrics and a field of the health report";

    public Verdict Judge(Subject subject)
    {
        var faults = new List<Fault>();
        var table = subject.Graph.Table;
        foreach (var pool in table.Select(row => row.Pool).Distinct())
        {
            var facts = subject.Graph.Pools.FirstOrDefault(one => one.Name == pool);
            var own = table.Where(row => row.Pool == pool).Select(row => row.Path).ToList();
            faults.AddRange(own
                .Where(path => facts?.Refused.Contains(path) != true)
                .Select(path => new Fault($"{path} is let in though its pool {pool} is full", new Place("ReplyX.Realtime/Limits/ConnectionLimits.cs"))));
            faults.AddRange((facts?.Refused ?? [])
                .Except(own)
                .Select(path => new Fault($"{path} is refused when the pool {pool} is full, which is not its own", new Place("ReplyX.Realtime/Limits/ConnectionLimits.cs"))));
            faults.AddRange(_metrics
                .Except(facts?.Metrics ?? [])
                .Select(metric => new Fault($"{metric} has no series of the pool {pool}", new Place("ReplyX.Realtime/Telemetry/NodeGauges.cs"))));
            if (facts?.HealthFields is not [_])
            {
                faults.Add(new Fault(
                    $"the sockets of the pool {pool} are in {(facts?.HealthFields is { Count: > 1 } fields ? string.Join(" and ", fields) : "no field")} of /health/websocket",
                    new Place("ReplyX.Realtime/Health/WebSocketReport.cs")));
            }
        }

        return new Verdict(faults, string.Join(", ", subject.Graph.Pools.Select(pool => $"{pool.Name}: {string.Join(" and ", pool.HealthFields)}")));
    }
}
