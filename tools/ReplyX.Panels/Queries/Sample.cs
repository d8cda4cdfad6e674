namespace ReplyX.Panels.Queries;

/// <param name="Time">Seconds since 1970.</param>
/// <param name="Value">May be NaN or infinite, as in Prometheus.</param>
internal readonly record struct Sample(double Time, double Value);
