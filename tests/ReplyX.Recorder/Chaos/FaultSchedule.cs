using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>Rounds of all faults, each round in an order of its own.</summary>
internal static class FaultSchedule
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private static readonly FaultKind[] _ofClusters = [FaultKind.MasterKill, FaultKind.Reshard, FaultKind.Partition];

    /// <summary>The faults that there are on a kind of Redis.</summary>
    public static IReadOnlyList<FaultKind> KindsOn(RedisKind redis) =>
        [.. Enum.GetValues<FaultKind>().Where(kind => redis == RedisKind.Cluster || !_ofClusters.Contains(kind))];

    /// <summary>The schedule of a seed; endless.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="faults">The faults of each round.</param>
    public static IEnumerable<Fault> Of(int seed, IReadOnlyList<FaultKind> faults)
    {
        var random = new Random(seed);
        while (true)
        {
            var kinds = faults.ToArray();
            random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                yield return new Fault(
                    kind,
                    Calm: Seconds(random, 1, 4),
                    Length: kind switch
                    {
                        FaultKind.RedisPause => _pause,
                        FaultKind.Drain or FaultKind.Reshard => TimeSpan.Zero,
                        FaultKind.Partition => Seconds(random, 4, 12), // Around the 8 s after which a feed that is silent is given up.
                        FaultKind.AbortedConnects => Seconds(random, 7, 8), // More than the 5 s after which a SUBSCRIBE is given up.
                        FaultKind.StoppedReaders => Seconds(random, 1, 4), // Less than the node's patience with them.
                        FaultKind.MasterKill => Seconds(random, 0.5, 2),
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
