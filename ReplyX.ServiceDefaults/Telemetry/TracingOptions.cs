using System.ComponentModel.DataAnnotations;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>How much is traced, where traces are exported at all. Bound from <c>Tracing</c>.</summary>
internal sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>
    /// The share, from 0 to 1, of traces which is recorded, by their ids. One that a caller records is recorded in any case. Default all
    /// in development, otherwise a tenth. <c>OTEL_TRACES_SAMPLER</c> overrides this.
    /// </summary>
    [Range(0d, 1d)]
    public double? SampleRatio { get; set; }
}
