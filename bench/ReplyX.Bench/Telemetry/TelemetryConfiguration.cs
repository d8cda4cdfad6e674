namespace ReplyX.Bench.Telemetry;

/// <summary>How much telemetry a server is started with.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Description">What is on, for the page.</param>
/// <param name="HasMetrics">Whether its metrics are listened to, and scraped.</param>
/// <param name="Exports">Whether traces, logs and metrics go to a collector.</param>
internal sealed record TelemetryConfiguration(string Name, string Description, bool HasMetrics, bool Exports)
{
    public const string Nothing = "nothing";
    public const string Metrics = "metrics";
    public const string Everything = "everything";

    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<TelemetryConfiguration> All { get; } =
    [
        new(Nothing, "`OTEL_SDK_DISABLED=true`: nobody listens to an instrument or a source, nothing is exported, nobody scrapes", HasMetrics: false, Exports: false),
        new(Metrics, "as shipped, and `/metrics` of both services scraped with the token once in each measured slice, which is every 5 s of load", HasMetrics: true, Exports: false),
        new(Everything, "that, and `OTEL_EXPORTER_OTLP_ENDPOINT` set: traces at production's sample ratio, logs and metrics go by OTLP over HTTP to a sink in the benchmark's process that counts and discards them", HasMetrics: true, Exports: true),
    ];

    /// <summary>What its services are started with. Each setting is given a value, since they inherit the benchmark's environment.</summary>
    /// <param name="token">What opens <c>/metrics</c>.</param>
    /// <param name="collector">Where a collector listens.</param>
    public Dictionary<string, string> Settings(string token, Uri collector) => new()
    {
        ["Metrics__Token"] = token,
        ["OTEL_SDK_DISABLED"] = HasMetrics ? "false" : "true",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Exports ? collector.ToString() : "",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_TRACES_SAMPLER"] = "",
    };
}
