using System.Diagnostics.Metrics;

namespace ReplyX.Realtime.Telemetry;

/// <summary>One count for each value of a label, all of them there from the start.</summary>
internal sealed class LabelledCounts(string label, IReadOnlyList<string> values)
{
    private readonly long[] _counts = new long[values.Count];
    private readonly KeyValuePair<string, object?>[][] _tags = [.. values.Select(value => new[] { KeyValuePair.Create(label, (object?)value) })];

    public void Add(int value, long by) => Interlocked.Add(ref _counts[value], by);

    /// <summary>What is counted until now, as an observable instrument is asked for it.</summary>
    public IEnumerable<Measurement<long>> Read()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            yield return new Measurement<long>(Volatile.Read(ref _counts[i]), _tags[i]);
        }
    }
}
