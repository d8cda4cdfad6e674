namespace ReplyX.Bench.Telemetry;

/// <summary>What a collector was sent.</summary>
/// <param name="Spans">Spans.</param>
/// <param name="Logs">Log records.</param>
/// <param name="Bytes">Bytes of all signals' bodies.</param>
internal sealed record ExportedItems(long Spans, long Logs, long Bytes)
{
    public static ExportedItems operator -(ExportedItems after, ExportedItems before)
        => new(after.Spans - before.Spans, after.Logs - before.Logs, after.Bytes - before.Bytes);
}
