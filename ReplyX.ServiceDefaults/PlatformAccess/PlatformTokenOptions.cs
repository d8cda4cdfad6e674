namespace ReplyX.ServiceDefaults.Metrics;

internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>The bearer token that <c>/metrics</c> and <c>/internal</c> ask for. May be absent in development, which leaves them open.</summary>
    public string? Token { get; set; }
}
