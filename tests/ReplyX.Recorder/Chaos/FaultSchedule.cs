namespace ReplyX.Recorder.Chaos;

/// <summary>Rounds of all faults, each round in an order of its own.</summary>
internal static class FaultSchedule
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    /// <summary>The schedule of a seed; endless.</summary>
    public static IEnumerable<Fault> Of(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var kinds = Enum.GetValues<FaultKind>();
            random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                yield return new Fault(
                    kind,
                    Calm: Seconds(random, 1, 4),
                    Length: kind switch
                    {
                        FaultKind.RedisPause => _pause,
                        FaultKind.Drain => TimeSpan.Zero,
                        FaultKind.AbortedConnects => Seconds(random, 7, 8), // More than the 5 s after which a SUBSCRIBE is given up.
                        FaultKind.StoppedReaders => Seconds(random, 1, 4), // Less than the node's patience with them.
                        _ => Seconds(random, 0.3, 3),
                    },
                    Replica: random.Next(2),
                    ByCommand: random.Next(2) == 0,
                    Seed: random.Next());
            }
        }
    }

    private static TimeSpan Seconds(Random random, double from, double to) => TimeSpan.FromSeconds(from + (random.NextDouble() * (to - from)));
}
