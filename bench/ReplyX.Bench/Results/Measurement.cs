using System.Text.Json.Serialization;

namespace ReplyX.Bench.Results;

/// <summary>What one scenario on one peer came to in one round.</summary>
internal sealed record Measurement
{
    public required string Scenario { get; init; }

    public required string Peer { get; init; }

    public required int Round { get; init; }

    /// <summary>How long was measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Deliveries, connects or sockets, as the scenario says.</summary>
    public required long Operations { get; init; }

    /// <summary>CPU time an operation, in µs, by process.</summary>
    public required IReadOnlyDictionary<string, double> CpuMicroseconds { get; init; }

    /// <summary>The load generator's share of one core.</summary>
    public required double ClientCores { get; init; }

    /// <summary>Median latency in milliseconds, where the scenario has one.</summary>
    public double? P50 { get; init; }

    public double? P99 { get; init; }

    /// <summary>Resident memory a socket in KiB, by process, where the scenario measures it.</summary>
    public IReadOnlyDictionary<string, double>? ResidentKiB { get; init; }

    /// <summary>Deliveries that did not come.</summary>
    public required long Missing { get; init; }

    /// <summary>Deliveries that came twice.</summary>
    public required long Duplicates { get; init; }

    [JsonIgnore]
    public bool IsComplete => Missing == 0 && Duplicates == 0;

    [JsonIgnore]
    public double TotalCpu => CpuMicroseconds.Values.Sum();
}
