using System.Globalization;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        usage: ReplyX.Bench COMMAND [--peers A,B…] [--scenarios A,B…] [--rounds N] [--scale X] [--smoke yes] [--short] [--seed N] [--output DIR] [--from FILE]

          compare     every scenario on every peer, interleaved, three rounds; writes compare.md, compare.json and compare.svg
          fan-out     ReplyX: one room of 1,000 sockets with 8 messages and with 1 in flight, and 500 rooms of 4
          latency     ReplyX: 2,000 deliveries a second in rooms of 2
          handshake   ReplyX: connects with and without token and subscription
          idle        ReplyX: resident memory a socket
          herd        ReplyX: 10,000 clients that come back with cursors
          report      writes compare.md and compare.svg anew from compare.json
          constants   takes what steps cost from a run's results (--from FILE, compare.json if not given), measures Redis, and writes scale.json
          scale       simulates 10,000 to 10 million sockets by scale.json, and writes scale.md's tables and scale.svg anew
          telemetry   ReplyX without telemetry, with metrics, and with everything, side by side, five rounds; writes telemetry.md, .json and .svg
          telemetry-report  writes telemetry.md and telemetry.svg anew from telemetry.json
        """;

    private const int RoundsOfCompare = 3;
    private const int RoundsOfTelemetry = 5;

    private const double SmokeScale = 0.1;

    private static readonly Dictionary<string, string[]> _commands = new()
    {
        [CompareCommand] = [.. AllScenarios.All.Select(scenario => scenario.Name)],
        ["fan-out"] = [AllScenarios.FanOut8, AllScenarios.FanOut1, AllScenarios.Rooms],
        ["latency"] = [AllScenarios.LowRate],
        ["handshake"] = [AllScenarios.Handshake, AllScenarios.BareHandshake],
        ["idle"] = [AllScenarios.Idle],
        ["herd"] = [AllScenarios.Herd],
        [ReportCommand] = [],
        [ConstantsCommand] = [],
        [ScaleCommand] = [],
        [TelemetryCommand] = [],
        [TelemetryReportCommand] = [],
    };

    public const string CompareCommand = "compare";
    public const string ReportCommand = "report";
    public const string ConstantsCommand = "constants";
    public const string ScaleCommand = "scale";
    public const string TelemetryCommand = "telemetry";
    public const string TelemetryReportCommand = "telemetry-report";

    public required string Command { get; init; }

    public required IReadOnlyList<Peer> Peers { get; init; }

    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    public int Rounds { get; init; } = 1;

    /// <summary>Of times, and below 1 of counts, too.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether it is only tried out: figures of such a run say nothing.</summary>
    public bool IsSmoke { get; init; }

    /// <summary>What decides every order that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where results are written, or null for the terminal alone.</summary>
    public string? Output { get; init; }

    /// <summary>The results that costs are taken from.</summary>
    public string From { get; init; } = Testing.Repository.File("docs", "perf", "compare.json");

    /// <summary>Reads a command line.</summary>
    /// <returns>The options, or what is wrong.</returns>
    public static (BenchOptions? Options, string? Error) Parse(ReadOnlySpan<string> arguments)
    {
        if (arguments.IsEmpty || !_commands.TryGetValue(arguments[0], out var scenarios))
        {
            return (null, arguments.IsEmpty ? "a command is missing" : $"{arguments[0]}: no such command");
        }

        var isCompare = arguments[0] is CompareCommand or ReportCommand;
        var writes = isCompare || arguments[0] is ConstantsCommand or ScaleCommand or TelemetryCommand or TelemetryReportCommand;
        var options = new BenchOptions
        {
            Command = arguments[0],
            Scenarios = [.. AllScenarios.All.Where(scenario => scenarios.Contains(scenario.Name))],
            Peers = [.. AllPeers.All.Where(peer => isCompare || peer.IsReplyX)],
            Rounds = isCompare ? RoundsOfCompare : arguments[0] == TelemetryCommand ? RoundsOfTelemetry : 1,
            Output = writes ? Testing.Repository.File("docs", "perf") : null,
        };
        var rest = arguments[1..];
        while (!rest.IsEmpty)
        {
            if (rest[0] == "--short")
            {
                options = options.TriedOut();
                rest = rest[1..];
                continue;
            }

            if (rest.Length == 1)
            {
                return (null, $"{rest[0]}: a value is missing");
            }

            if (options.With(rest[0], rest[1]) is not { } changed)
            {
                return (null, $"{rest[0]} {rest[1]}: no such option, or not a valid value");
            }

            options = changed;
            rest = rest[2..];
        }

        return (options, null);
    }

    private BenchOptions? With(string name, string value) => name switch
    {
        "--peers" when Choose(value, AllPeers.All, peer => peer.Name) is { } peers => this with { Peers = peers },
        "--scenarios" when Choose(value, AllScenarios.All, scenario => scenario.Name) is { } scenarios => this with { Scenarios = scenarios },
        "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => this with { Rounds = rounds },
        "--scale" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && scale > 0 => this with { Scale = scale },
        "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) => this with { Seed = seed },
        "--smoke" when value == "yes" => TriedOut(),
        "--output" => this with { Output = Path.GetFullPath(value) },
        "--from" => this with { From = Path.GetFullPath(value) },
        _ => null,
    };

    private BenchOptions TriedOut() => this with
    {
        IsSmoke = true,
        Rounds = 1,
        Scale = SmokeScale,
        Output = Output is null ? null : Testing.Repository.File("artifacts", "bench"),
    };

    /// <returns>Those that are named, in the order of all, or null if a name is none of theirs.</returns>
    private static List<T>? Choose<T>(string names, IReadOnlyList<T> all, Func<T, string> nameOf)
    {
        var chosen = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return chosen.Length > 0 && chosen.All(name => all.Any(one => nameOf(one) == name)) ? [.. all.Where(one => chosen.Contains(nameOf(one)))] : null;
    }
}
