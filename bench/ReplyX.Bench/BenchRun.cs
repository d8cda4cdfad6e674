using ReplyX.Bench.Peers;
using ReplyX.Bench.Results;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench;

/// <summary>Measures every scenario on every peer, each time on servers that were just started, round after round.</summary>
internal static class BenchRun
{
    public static async Task<BenchResults> RunAsync(BenchOptions options, IReadOnlyList<string> commandLine, BenchProgress progress, CancellationToken cancel)
    {
        var skipped = options.Peers.Where(peer => peer.Missing is not null).ToDictionary(peer => peer.Name, peer => peer.Missing!);
        foreach (var (peer, missing) in skipped)
        {
            progress.Say($"{peer} is skipped: {missing}");
        }

        // A round takes one scenario after the other, and each on all peers in a row, so that what is compared was measured within minutes.
        var all = (
            from round in Enumerable.Range(1, options.Rounds)
            from scenario in options.Scenarios
            from peer in options.Peers
            where !skipped.ContainsKey(peer.Name) && scenario.Takes(peer)
            select (round, scenario, peer)).ToList();
        progress.Begin(all.Count);
        var results = new BenchResults
        {
            Environment = RunEnvironment.Read(options, commandLine),
            Peers = [.. options.Peers.Select(peer => peer.Name)],
            Scenarios = [.. options.Scenarios.Select(scenario => scenario.Name)],
            Skipped = skipped,
        };
        foreach (var (round, scenario, peer) in all)
        {
            progress.Start($"round {round}, {scenario.Name}, {peer.Name}");
            try
            {
                var measured = await MeasureAsync(scenario, peer, round, options.Scale, progress, cancel);
                results.Measurements.Add(measured);
                progress.Finish(ResultTables.Line(measured, scenario.Operation));
            }
            catch (BenchException e)
            {
                // The servers' last lines are for whoever watches; results hold nothing of the machine's folders.
                results.Failures.Add($"round {round}, {scenario.Name}, {peer.Name}: {e.Message.Split('\n')[0]}");
                progress.Finish($"failed: {e.Message}");
            }
        }

        return results;
    }

    private static async Task<Measurement> MeasureAsync(Scenario scenario, Peer peer, int round, double scale, BenchProgress progress, CancellationToken cancel)
    {
        await using var running = await peer.StartAsync(cancel);
        try
        {
            return await scenario.MeasureAsync(new Run(peer, running, round, scale, progress), cancel);
        }
        catch (Exception e) when (e is BenchException or HttpRequestException)
        {
            throw new BenchException($"{e.Message}\n{running.Logs}");
        }
    }
}
