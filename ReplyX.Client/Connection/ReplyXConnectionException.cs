namespace ReplyX.Client;

/// <summary>A connection ended before it was ever up.</summary>
/// <param name="end">How.</param>
public sealed class ReplyXConnectionException(ConnectionEnd end)
    : Exception($"The connection ended before it was up: {end.Reason}{(end.Detail is null ? "" : $" ({end.Detail})")}.")
{
    /// <summary>How it ended.</summary>
    public ConnectionEnd End { get; } = end;
}
