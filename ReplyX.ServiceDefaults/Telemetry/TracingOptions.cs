using System.ComponentModel.DataAnnotations;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>How much is traced, where traces are exported at all. Bound from <c>Tracing</c>.</summary>
internal sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>
    /// The share, from 0 to 1, of the traces that begin here which is recorded. A trace that began at a caller is recorded if the caller
    /// records it. Default all in development, otherwise a tenth. <c>OTEL_TRACES_SAMPLER</c> overrides this.
    /// </summary>
    [Range(0d, 1d)]
    public double? SampleRatio { get; set; }
}
