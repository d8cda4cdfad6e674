using System.Text.Json.Serialization;

namespace ReplyX.Bench.Telemetry;

/// <summary>What a configuration came to in a few seconds of a load.</summary>
internal sealed record TelemetrySlice
{
    public required string Load { get; init; }

    public required string Configuration { get; init; }

    public required int Round { get; init; }

    /// <summary>Which turn of all configurations in the round it belongs to.</summary>
    public required int Block { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Deliveries or messages, as the load says.</summary>
    public required long Operations { get; init; }

    /// <summary>CPU time an operation, in µs, by process.</summary>
    public required IReadOnlyDictionary<string, double> CpuMicroseconds { get; init; }

    /// <summary>The load generator's share of one core, the sink included.</summary>
    public required double ClientCores { get; init; }

    /// <summary>What came to the sink meanwhile, where it is exported to.</summary>
    public ExportedItems? Exported { get; init; }

    /// <summary>Messages, which a load of deliveries has fewer of.</summary>
    public required long Messages { get; init; }

    /// <summary>CPU time an operation of some processes.</summary>
    public double Cpu(IEnumerable<string> processes) => processes.Sum(process => CpuMicroseconds[process]);

    [JsonIgnore]
    public double OperationsPerSecond => Operations / Seconds;
}
