using System.Text;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Results;

/// <summary>compare.md.</summary>
internal static class MarkdownReport
{
    private const string Nothing = "";

    public static string Whole(BenchResults results)
    {
        var text = new StringBuilder();
        text.AppendLine("# Comparison");
        text.AppendLine(Head(results.Environment));
        text.AppendLine("![CPU in relation to SignalR](compare.svg)\n");
        text.AppendLine("## CPU and latency in relation to SignalR");
        text.AppendLine("Of the medians of all rounds: 1 is SignalR's JSON protocol without Redis in this run. Less is better.\n");
        text.AppendLine(Ratios(results));
        text.AppendLine("## CPU time");
        text.AppendLine("Microseconds for one delivery, connect or client, user and system, of all the peer's processes; in brackets the rounds' least and most.\n");
        text.AppendLine(CpuTable(results));
        text.AppendLine("## Rate and latency");
        text.AppendLine("Operations a second; from the send to the read at the load generator, p50 / p99 in ms (handshake: from connect to ready; herd: from connect to the last missed message). Closed loops saturate the machine: read their latency as the inverse of their rate.\n");
        text.AppendLine(RateTable(results));
        text.AppendLine(Goals(results));
        text.AppendLine("## Completeness");
        text.AppendLine(Completeness(results));
        text.AppendLine("## Peers");
        foreach (var peer in AllPeers.All.Where(peer => results.Peers.Contains(peer.Name)))
        {
            text.AppendLine($"- **{peer.Title}**, `{peer.Name}`: {(results.Skipped.TryGetValue(peer.Name, out var missing) ? $"not measured, {missing}" : peer.Description)}.");
        }

        return text.ToString();
    }

    /// <summary>The table of ratios.</summary>
    public static string Ratios(BenchResults results)
    {
        var scenarios = Measured(results).Where(scenario => results.Median(scenario.Name, SignalRPeer.Reference, m => m.TotalCpu) is not null).ToList();
        var hasLatency = scenarios.Any(scenario => scenario.Name == AllScenarios.LowRate);
        var hasIdle = Measured(results).Any(scenario => scenario.Name == AllScenarios.Idle);
        scenarios.RemoveAll(scenario => scenario.Name == AllScenarios.Idle);
        if (scenarios.Count == 0 && !hasIdle)
        {
            return Nothing;
        }

        List<string> columns = ["", .. scenarios.Select(scenario => scenario.Title)];
        columns.AddRange(hasLatency ? ["low-rate p50", "low-rate p99"] : []);
        columns.AddRange(hasIdle ? ["idle, KiB a socket"] : []);
        var table = new MarkdownTable(columns);
        foreach (var (peer, title, part) in Rows(results))
        {
            List<string> cells = [.. scenarios.Select(scenario => Number(
                results.Median(scenario.Name, peer.Name, m => Cpu(m, part)) / results.Median(scenario.Name, SignalRPeer.Reference, m => m.TotalCpu)))];
            if (hasLatency)
            {
                cells.AddRange(part is null ? [LatencyRatio(results, peer, m => m.P50), LatencyRatio(results, peer, m => m.P99)] : [Nothing, Nothing]);
            }

            if (hasIdle)
            {
                cells.Add(Number(results.Median(AllScenarios.Idle, peer.Name, m => part is null ? m.ResidentKiB?.Values.Sum() : m.ResidentKiB?[part]), "0.0"));
            }

            table.Add(title, cells);
        }

        return table.ToString();
    }

    private static string Head(RunEnvironment environment)
    {
        var tried = environment.IsSmoke || environment.Scale < 1
            ? "\n**This run only tried the benchmark out: it was too short for its figures to say anything.**\n"
            : "";
        return $"""
            Made by

            ```sh
            {environment.Command}
            ```
            {tried}
            on {environment.At:yyyy-MM-dd HH:mm} UTC: {environment.Cores} cores, {environment.Processor}, {environment.System}, {environment.Runtime}; load when it began {environment.LoadAtStart:0.0}; rounds {environment.Rounds}, scale {environment.Scale}. Everything, load generator included, on one machine over the loopback; texts of 200 bytes. How it is measured, and what the scenarios are: [README](README.md). Every round of every figure: [compare.json](compare.json).

            """;
    }

    private static string CpuTable(BenchResults results)
    {
        var scenarios = Measured(results).Where(scenario => scenario.Name != AllScenarios.Idle).ToList();
        var table = new MarkdownTable(["", .. scenarios.Select(scenario => scenario.Title)]);
        foreach (var (peer, title, part) in Rows(results, everyPart: true))
        {
            table.Add(title, scenarios.Select(scenario => Spread(results.Values(scenario.Name, peer.Name, m => Cpu(m, part)), results.Median(scenario.Name, peer.Name, m => Cpu(m, part)))));
        }

        return table.ToString();
    }

    private static string RateTable(BenchResults results)
    {
        var scenarios = Measured(results).Where(scenario => scenario.Name != AllScenarios.Idle).ToList();
        var table = new MarkdownTable(["", .. scenarios.Select(scenario => scenario.Title)]);
        foreach (var peer in MeasuredPeers(results))
        {
            table.Add(peer.Title, scenarios.Select(scenario => results.Median(scenario.Name, peer.Name, m => m.Operations / m.Seconds) is { } rate
                ? $"{rate:#,0}/s; {Number(results.Median(scenario.Name, peer.Name, m => m.P50))} / {Number(results.Median(scenario.Name, peer.Name, m => m.P99))}"
                : Nothing));
        }

        return table.ToString();
    }

    private static string Goals(BenchResults results)
    {
        var table = new MarkdownTable("", "counted", "goal", "reached", "met");
        foreach (var goal in Goal.All)
        {
            var reached = goal.Reached(results);
            table.Add(goal.What, goal.Counted, $"≤ {goal.Limit}", Number(reached, missing: "not measured"), reached is null ? Nothing : reached <= goal.Limit ? "yes" : "no");
        }

        return $"## Goals\n{table}";
    }

    private static string Completeness(BenchResults results)
    {
        var bad = results.Measurements.Where(measurement => !measurement.IsComplete)
            .Select(m => $"- round {m.Round}, {m.Scenario}, {m.Peer}: {m.Missing} missing, {m.Duplicates} twice")
            .Concat(results.Failures.Select(failure => $"- not measured: {failure}"))
            .ToList();
        return bad.Count == 0
            ? $"Every delivery of all {results.Measurements.Count} measurements came, and came once.\n"
            : string.Join('\n', bad) + "\n";
    }

    /// <summary>The peers that were measured, each with its parts where they are told apart.</summary>
    private static IEnumerable<(Peer Peer, string Title, string? Part)> Rows(BenchResults results, bool everyPart = false)
    {
        foreach (var peer in MeasuredPeers(results))
        {
            yield return (peer, peer.Title, null);
            string[] parts = !peer.IsReplyX ? [] : everyPart ? [ReplyXPeer.RealtimeProcess, ReplyXPeer.ApiProcess, ReplyXPeer.RedisProcess] : [ReplyXPeer.RealtimeProcess];
            foreach (var part in parts)
            {
                yield return (peer, $"… {part} alone", part);
            }
        }
    }

    private static IEnumerable<Peer> MeasuredPeers(BenchResults results)
        => AllPeers.All.Where(peer => results.Measurements.Any(measurement => measurement.Peer == peer.Name));

    private static IEnumerable<Scenario> Measured(BenchResults results)
        => AllScenarios.All.Where(scenario => results.Measurements.Any(measurement => measurement.Scenario == scenario.Name));

    private static double? Cpu(Measurement measurement, string? part) => part is null ? measurement.TotalCpu : measurement.CpuMicroseconds[part];

    private static string LatencyRatio(BenchResults results, Peer peer, Func<Measurement, double?> valueOf) => Number(
        results.Median(AllScenarios.LowRate, peer.Name, valueOf) / results.Median(AllScenarios.LowRate, SignalRPeer.Reference, valueOf));

    private static string Spread(IReadOnlyList<double> values, double? median)
        => values.Count switch { 0 => Nothing, 1 => Number(median), _ => $"{Number(median)} ({Number(values[0])} – {Number(values[^1])})" };

    private static string Number(double? value, string format = "0.00", string missing = Nothing)
        => value is { } number && double.IsFinite(number) ? number.ToString(format) : missing;
}
