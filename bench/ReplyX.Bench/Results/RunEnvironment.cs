using System.Globalization;
using System.Runtime.InteropServices;

namespace ReplyX.Bench.Results;

/// <summary>On what, when and how a run was made.</summary>
internal sealed record RunEnvironment
{
    public required string Command { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Rounds { get; init; }

    public required double Scale { get; init; }

    public required bool IsSmoke { get; init; }

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string System { get; init; }

    public required string Runtime { get; init; }

    /// <summary>How many programs wanted a core when the run began; others' work shows in the figures.</summary>
    public required double LoadAtStart { get; init; }

    public static RunEnvironment Read(BenchOptions options, IReadOnlyList<string> commandLine) => new()
    {
        Command = $"dotnet run -c Release --project bench/ReplyX.Bench -- {string.Join(' ', commandLine)}",
        At = TimeProvider.System.GetUtcNow(),
        Rounds = options.Rounds,
        Scale = options.Scale,
        IsSmoke = options.IsSmoke,
        Processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown",
        Cores = global::System.Environment.ProcessorCount,
        System = "Linux " + global::System.Environment.OSVersion.Version.ToString(2),
        Runtime = RuntimeInformation.FrameworkDescription,
        LoadAtStart = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
    };
}
