namespace ReplyX.Api.Nodes;

/// <summary>A target as Prometheus' HTTP service discovery reads it.</summary>
internal sealed record ScrapeTarget(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);
