using System.Diagnostics.Metrics;

namespace ReplyX.Messaging.Telemetry;

/// <summary>
/// One count for each combination of labels' values, all of them there from the start. They are kept here and told when asked, because
/// an instrument that counts by itself has no series before its first event: a rate over such a series never sees that event.
/// </summary>
public sealed class LabelledCounts
{
    private readonly long[] _counts;
    private readonly KeyValuePair<string, object?>[][] _tags;
    private readonly int _width;

    /// <summary>Makes counts that are all zero.</summary>
    /// <param name="labels">None, one or two labels, each with the values that it can have.</param>
    public LabelledCounts(params (string Name, IReadOnlyList<string> Values)[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels.Length, 2);
        _tags = [[]];
        foreach (var (name, values) in labels)
        {
            _tags = [.. _tags.SelectMany(tags => values.Select(value => tags.Append(KeyValuePair.Create(name, (object?)value)).ToArray()))];
        }

        _counts = new long[_tags.Length];
        _width = labels.Length == 2 ? labels[1].Values.Count : 1;
    }

    /// <summary>Counts. For any thread.</summary>
    /// <param name="by">How many more, or fewer.</param>
    /// <param name="first">The place of the first label's value among its values.</param>
    /// <param name="second">The same of the second label.</param>
    public void Add(long by, int first = 0, int second = 0)
    {
        // One too far would be another series.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(second, _width);
        Interlocked.Add(ref _counts[(first * _width) + second], by);
    }

    /// <summary>What is counted until now, as an observable instrument is asked for it.</summary>
    public IEnumerable<Measurement<long>> Read()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            yield return new Measurement<long>(Volatile.Read(ref _counts[i]), _tags[i]);
        }
    }
}
