using System.Diagnostics;
using System.Numerics;

namespace ReplyX.Bench.Load;

/// <summary>Latencies in buckets that are at most 1.6 % wide.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[64 * SubBuckets];

    public long Count { get; private set; }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Record(long ticks)
    {
        _counts[Bucket(Math.Max(0, ticks))]++;
        Count++;
    }

    /// <returns>Milliseconds.</returns>
    public double Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
            {
                return Middle(i) * 1000.0 / Stopwatch.Frequency;
            }
        }

        return double.NaN;
    }

    private static int Bucket(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - SubBuckets);
    }

    private static double Middle(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBits) - 1;
        return (((bucket & (SubBuckets - 1)) + SubBuckets) + 0.5) * (1L << shift);
    }
}
