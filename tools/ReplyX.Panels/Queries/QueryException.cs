namespace ReplyX.Panels.Queries;

/// <summary>Prometheus answered, and refused the query; the message is its own.</summary>
internal sealed class QueryException(string message) : Exception(message);
