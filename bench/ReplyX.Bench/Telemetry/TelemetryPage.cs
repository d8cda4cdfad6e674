using System.Globalization;
using System.Text;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Telemetry;

/// <summary>telemetry.md.</summary>
internal static class TelemetryPage
{
    private const string NotMeasured = "not measured";

    // What stays as it is from run to run.
    private const string Method = """
        ## How it is measured
        - **Side by side.** Of each configuration there is a Realtime, an Api and a `redis-server --appendonly yes --appendfsync always` of its own, all running at once. They are loaded in turn: 2 s of lead-in, 5 s measured, then the next one. All three in a random order are a block; a round has four blocks of each load, so that a machine that is slower for a while is so for all three. A seed decides the orders.
        - **Rounds.** Each starts all servers anew and warms each up for 15 s of each load: two processes of one program differ, too. A round's ratio is of CPU time by operations over its blocks; what is judged is the median of the rounds' ratios.
        - **CPU** is user and system time of the servers' processes, as in the [other scenarios](README.md#how-it-is-measured): for a delivery Realtime's, for a message the Api's and Realtime's together. Redis' is told and not judged. The sink's belongs to the benchmark.
        - **Load.** Both are closed loops that saturate the machine, where a delivery and a message are cheapest, so that what telemetry adds weighs most. Messages are posted to the Api, where a trace begins, without a `traceparent`.
        - **Off is off.** Each round asks for `/metrics` of both services before and after its loads: without telemetry it has no series at all, otherwise it has the service's own. The sink must have got spans from `everything`, and nothing from the others. Otherwise the round fails.
        - **What cannot be switched off** is measured in all three: the numbers that the services keep themselves and only show when they are asked (`LabelledCounts`), the timestamps that histograms are given, and the log on the console.

        """;

    public static string Whole(TelemetryResults results)
    {
        var text = new StringBuilder();
        text.AppendLine("# What telemetry costs");
        text.AppendLine(Head(results));
        text.AppendLine("![CPU time with telemetry, in relation to less of it](telemetry.svg)\n");
        text.AppendLine("## Goals");
        text.AppendLine("Metrics may take 3 % more CPU than nothing, and everything 3 % more than metrics.\n");
        text.AppendLine(Goals(results));
        text.AppendLine("## CPU time");
        text.AppendLine("For information: times depend on the machine, and only their ratios are judged. µs, medians of the rounds; in brackets the least and the most.\n");
        text.AppendLine(CpuTable(results));
        text.AppendLine(Exported(results));
        text.AppendLine("## Configurations");
        text.AppendLine("Everything else is as in [the comparison](README.md#how-it-is-measured): Release, `Production`, limits raised.\n");
        text.AppendLine(Configurations());
        text.AppendLine(Method);
        text.AppendLine("## Completeness");
        text.AppendLine(results.Failures.Count == 0
            ? $"Every delivery of all {results.Slices.Count} slices came, and came once."
            : string.Join('\n', results.Failures.Select(failure => $"- {failure}")));
        return text.ToString();
    }

    /// <summary>The table of what was reached.</summary>
    public static string Goals(TelemetryResults results)
    {
        var table = new MarkdownTable("", "goal", "median", "rounds", "rounds within the goal", "");
        foreach (var goal in TelemetryGoal.All)
        {
            var ratios = goal.Ratios(results);
            table.Add(
                goal.Title,
                Invariant($"≤ {TelemetryGoal.Limit}"),
                goal.Reached(results) is { } reached ? Invariant($"{reached:0.000}") : NotMeasured,
                ratios.Count > 0 ? Invariant($"{ratios[0]:0.000} – {ratios[^1]:0.000}") : "",
                Invariant($"{ratios.Count(ratio => ratio <= TelemetryGoal.Limit)} of {ratios.Count}"),
                results.Environment.IsSmoke ? "tried out" : goal.Reached(results) switch { null => "", <= TelemetryGoal.Limit => "met", _ => "not met" });
        }

        return table.ToString();
    }

    private static string Head(TelemetryResults results)
    {
        var environment = results.Environment;
        var tried = environment.IsSmoke || environment.Scale < 1
            ? "\n**This run only tried the benchmark out: it was too short for its figures to say anything.**\n"
            : "";
        return Invariant($"""
            Made by

            ```sh
            {environment.Command}
            ```
            {tried}
            on {environment.At:yyyy-MM-dd HH:mm} UTC: {environment.Cores} cores, {environment.Processor}, {environment.System}, {environment.Runtime}; load when it began {environment.LoadAtStart:0.0}; rounds {environment.Rounds}, seed {results.Seed}. Everything, load generator and sink included, on one machine over the loopback; texts of 200 bytes. Every slice: [telemetry.json](telemetry.json). The page and the picture are made from it anew by `telemetry-report`.

            """);
    }

    private static string CpuTable(TelemetryResults results)
    {
        var table = new MarkdownTable(["", .. TelemetryConfiguration.All.Select(configuration => configuration.Name)]);
        foreach (var load in TelemetryLoad.All)
        {
            Row($"a {load.Operation}: {load.Title}", load.Judged);
            foreach (var process in (IEnumerable<string>)[ReplyXPeer.RealtimeProcess, ReplyXPeer.ApiProcess, ReplyXPeer.RedisProcess])
            {
                Row($"… {process} alone", [process]);
            }

            void Row(string title, IReadOnlyList<string> processes) => table.Add(
                title, TelemetryConfiguration.All.Select(configuration => Spread([.. results.CpuByRound(load, configuration.Name, processes).Values.Order()])));
        }

        return table.ToString();
    }

    private static string Exported(TelemetryResults results)
    {
        var table = new MarkdownTable("", "spans a message", "log records a message", "bytes a message");
        foreach (var load in TelemetryLoad.All)
        {
            var slices = results.Slices.Where(slice => slice.Load == load.Name && slice.Exported is not null).ToList();
            if (slices.Count > 0)
            {
                var messages = (double)slices.Sum(slice => slice.Messages);
                table.Add(
                    $"{TelemetryConfiguration.Everything}: {load.Title}",
                    Invariant($"{slices.Sum(slice => slice.Exported!.Spans) / messages:0.000}"),
                    Invariant($"{slices.Sum(slice => slice.Exported!.Logs) / messages:0.0000}"),
                    Invariant($"{slices.Sum(slice => slice.Exported!.Bytes) / messages:0}"));
            }
        }

        return $"## What came to the sink\n{table}";
    }

    private static string Configurations()
    {
        var table = new StringBuilder("| | |\n|---|---|\n");
        foreach (var configuration in TelemetryConfiguration.All)
        {
            table.AppendLine(Invariant($"| `{configuration.Name}` | {configuration.Description} |"));
        }

        return table.ToString();
    }

    private static string Spread(IReadOnlyList<double> values)
        => values.Count switch { 0 => NotMeasured, 1 => Invariant($"{values[0]:0.00}"), _ => Invariant($"{Middle.Of(values):0.00} ({values[0]:0.00} – {values[^1]:0.00})") };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
