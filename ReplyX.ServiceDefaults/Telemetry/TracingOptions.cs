using System.ComponentModel.DataAnnotations;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>How much is traced, where traces are exported at all. Bound from <c>Tracing</c>.</summary>
internal sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>
    /// The share of the traces that begin here which is recorded, 0 to 1; a trace that a caller began is recorded if the caller records
    /// it. Default all in development, else a tenth. <c>OTEL_TRACES_SAMPLER</c> wins where it is set.
    /// </summary>
    [Range(0d, 1d)]
    public double? SampleRatio { get; set; }
}
