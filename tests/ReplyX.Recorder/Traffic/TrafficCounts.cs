namespace ReplyX.Recorder.Traffic;

/// <summary>What the authors did so far.</summary>
internal sealed class TrafficCounts
{
    private long _acknowledged;
    private long _attempts;
    private long _deduplicated;

    public long Acks => Interlocked.Read(ref _acknowledged);

    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Acknowledgements that said that an earlier attempt had been stored.</summary>
    public long Duplicates => Interlocked.Read(ref _deduplicated);

    public void Acknowledged() => Interlocked.Increment(ref _acknowledged);

    public void Attempted(int attempts) => Interlocked.Add(ref _attempts, attempts);

    public void Deduplicated() => Interlocked.Increment(ref _deduplicated);
}
