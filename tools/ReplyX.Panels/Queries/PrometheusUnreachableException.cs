namespace ReplyX.Panels.Queries;

/// <summary>Nothing that speaks Prometheus's API answers; no other query will fare better.</summary>
internal sealed class PrometheusUnreachableException(string message) : Exception(message);
