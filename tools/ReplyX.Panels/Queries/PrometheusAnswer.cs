using System.Text.Json;

namespace ReplyX.Panels.Queries;

/// <summary>What every endpoint under /api/v1 answers.</summary>
internal sealed record PrometheusAnswer(string? Status = null, JsonElement? Data = null, string? ErrorType = null, string? Error = null);

internal sealed record PrometheusQueryData(string ResultType = "", JsonElement Result = default);

/// <summary>A series of a matrix, or of a vector, which has one value.</summary>
internal sealed record PrometheusSeries(IReadOnlyDictionary<string, string>? Metric = null, IReadOnlyList<Sample>? Values = null, Sample? Value = null)
{
    public IReadOnlyDictionary<string, string> Labels => Metric ?? new Dictionary<string, string>();

    public IReadOnlyList<Sample> Samples => Values ?? (Value is { } one ? [one] : []);
}

internal sealed record PrometheusTargets(IReadOnlyList<PrometheusTarget>? ActiveTargets = null);

internal sealed record PrometheusTarget(string? ScrapeInterval = null);
