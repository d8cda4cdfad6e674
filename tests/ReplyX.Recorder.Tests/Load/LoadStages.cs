namespace ReplyX.Recorder.Tests.Load;

/// <summary>How many visitors there are when: from stage to stage on straight lines, as k6's ramping virtual users.</summary>
/// <param name="stages">How long each takes, and how many there are at its end. The numbers rise to a peak, and then fall.</param>
internal sealed class LoadStages(params IReadOnlyList<(TimeSpan Duration, int Visitors)> stages)
{
    /// <summary>From when to when each visitor is there, the first one first.</summary>
    public IEnumerable<(TimeSpan From, TimeSpan Until)> Visits()
        => Enumerable.Range(1, stages.Max(stage => stage.Visitors)).Select(visitor => (Crossing(visitor, rising: true), Crossing(visitor, rising: false)));

    private TimeSpan Crossing(int visitor, bool rising)
    {
        var (begins, count) = (TimeSpan.Zero, 0);
        foreach (var (duration, next) in stages)
        {
            if (rising ? count < visitor && visitor <= next : next < visitor && visitor <= count)
            {
                return begins + (duration * ((double)(visitor - count) / (next - count)));
            }

            (begins, count) = (begins + duration, next);
        }

        return begins;
    }
}
