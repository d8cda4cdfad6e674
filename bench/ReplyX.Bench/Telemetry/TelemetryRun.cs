using ReplyX.Bench.Load;
using ReplyX.Bench.Results;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Telemetry;

/// <summary>
/// Measures the configurations side by side. Their servers run at the same time, and are loaded in turn for seconds, in a random order,
/// so that a machine that is slower for a while is so for all of them. Each round starts them anew, since two processes of one program
/// differ, too: by what was compiled when, and where it lies in memory.
/// </summary>
internal sealed class TelemetryRun
{
    private const int BlocksPerRound = 4;

    // .NET compiles what is hot in the background. That takes longer than in the other scenarios, as the servers of three share the machine.
    private const double WarmUpSeconds = 15;

    private readonly BenchOptions _options;
    private readonly BenchProgress _progress;
    private readonly TelemetryResults _results;
    private readonly Random _orders;

    private TelemetryRun(BenchOptions options, IReadOnlyList<string> commandLine, BenchProgress progress)
    {
        (_options, _progress, _orders) = (options, progress, new Random(options.Seed));
        _results = new TelemetryResults { Environment = RunEnvironment.Read(options, commandLine), Seed = options.Seed };
    }

    private int Blocks => _options.IsSmoke ? 1 : BlocksPerRound;

    public static async Task<TelemetryResults> RunAsync(BenchOptions options, IReadOnlyList<string> commandLine, BenchProgress progress, CancellationToken cancel)
    {
        var run = new TelemetryRun(options, commandLine, progress);
        progress.Begin(options.Rounds * TelemetryLoad.All.Count * run.Blocks);
        for (var round = 1; round <= options.Rounds; round++)
        {
            try
            {
                run._results.Slices.AddRange(await run.MeasureRoundAsync(round, cancel));
            }
            catch (Exception e) when (e is BenchException or HttpRequestException)
            {
                // The servers' last lines are for whoever watches; results hold nothing of the machine's folders.
                run._results.Failures.Add($"round {round}: {e.Message.Split('\n')[0]}");
                progress.Say($"round {round} failed: {e.Message}");
            }
        }

        return run._results;
    }

    private async Task<List<TelemetrySlice>> MeasureRoundAsync(int round, CancellationToken cancel)
    {
        var sides = new List<TelemetrySide>();
        try
        {
            foreach (var configuration in Shuffled(TelemetryConfiguration.All))
            {
                _progress.Start($"round {round}, {configuration.Name}");
                sides.Add(await TelemetrySide.StartAsync(configuration, cancel));
                await sides[^1].CheckAsync(afterLoad: false, cancel);
            }

            var slices = new List<TelemetrySlice>();
            foreach (var load in TelemetryLoad.All)
            {
                slices.AddRange(await MeasureAsync(round, load, sides, cancel));
            }

            foreach (var side in sides)
            {
                await side.CheckAsync(afterLoad: true, cancel);
            }

            return slices;
        }
        catch (Exception e) when (e is BenchException or HttpRequestException)
        {
            throw new BenchException($"{e.Message}\n{string.Join('\n', sides.Select(side => $"=== {side.Configuration.Name} ===\n{side.Running.Logs}"))}");
        }
        finally
        {
            foreach (var side in sides)
            {
                await side.DisposeAsync();
            }
        }
    }

    private async Task<List<TelemetrySlice>> MeasureAsync(int round, TelemetryLoad load, IReadOnlyList<TelemetrySide> sides, CancellationToken cancel)
    {
        using var loop = new LoadLoop();
        var loaded = new List<LoadedSide>();
        foreach (var side in Shuffled(sides))
        {
            _progress.Start($"round {round}, {load.Name}, {side.Configuration.Name}");
            _progress.Report("connecting");
            loaded.Add(await LoadedSide.StartAsync(side, load, loop, new Run(side.Peer, side.Running, round, _options.Scale, _progress), cancel));
            _progress.Report("warming up");
            loaded[^1].WarmUp(WarmUpSeconds, Tick);
        }

        var slices = new List<TelemetrySlice>();
        for (var block = 1; block <= Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            _progress.Start($"round {round}, {load.Name}, {block} of {Blocks}");
            foreach (var side in Shuffled(loaded))
            {
                _progress.Report(side.Side.Configuration.Name);
                slices.Add(await side.MeasureAsync(block, Tick, cancel));
            }

            _progress.Finish(Line(load, slices.TakeLast(loaded.Count)));
        }

        foreach (var side in loaded.Where(side => side.Account != (0, 0)))
        {
            _results.Failures.Add($"round {round}, {load.Name}, {side.Side.Configuration.Name}: {side.Account.Missing} missing, {side.Account.Duplicates} twice");
        }

        return slices;

        void Tick() => loaded.ForEach(side => side.Tick());
    }

    private T[] Shuffled<T>(IEnumerable<T> all)
    {
        T[] shuffled = [.. all];
        _orders.Shuffle(shuffled);
        return shuffled;
    }

    private static string Line(TelemetryLoad load, IEnumerable<TelemetrySlice> slices) => string.Join(", ",
        from configuration in TelemetryConfiguration.All
        let slice = slices.Single(slice => slice.Configuration == configuration.Name)
        select $"{configuration.Name} {slice.Cpu(load.Judged):0.00} µs a {load.Operation} at {slice.OperationsPerSecond:#,0}/s");
}
