using System.Diagnostics.Metrics;

namespace ReplyX.Testing;

/// <summary>
/// What an observable instrument of one host tells. A test in process must not look for it in what the host exposes: the exporter takes
/// meters by their name, and other tests of this process have meters of the same name, by factories of their own.
/// </summary>
public static class Counts
{
    /// <summary>Asks the instrument once.</summary>
    /// <param name="meters">The host's meters.</param>
    /// <param name="instrument">Its name.</param>
    /// <param name="labels">What its labels must be; of those that are not named any.</param>
    /// <returns>The sum of all its series that are so.</returns>
    public static long Read(IMeterFactory meters, string instrument, params (string Name, string Value)[] labels)
    {
        var count = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (published, listening) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, meters))
            {
                listening.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var held = tags.ToArray();
            count += Array.TrueForAll(labels, label => held.Contains(KeyValuePair.Create(label.Name, (object?)label.Value))) ? value : 0;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return count;
    }
}
