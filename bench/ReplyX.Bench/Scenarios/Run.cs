using ReplyX.Bench.Peers;

namespace ReplyX.Bench.Scenarios;

/// <summary>One scenario on one running peer.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Running">Its processes.</param>
/// <param name="Round">Which round it is.</param>
/// <param name="Scale">1 for times and counts as documented.</param>
/// <param name="Progress">Told what is being done.</param>
internal sealed record Run(Peer Peer, RunningPeer Running, int Round, double Scale, IProgress<string> Progress)
{
    private const double LeastSeconds = 1;

    /// <summary>A time, scaled.</summary>
    public TimeSpan Time(double seconds) => TimeSpan.FromSeconds(Math.Max(LeastSeconds, seconds * Scale));

    /// <summary>A count, scaled, and even.</summary>
    public int Count(int count, int least = 2) => Math.Max(least, (int)(count * Math.Min(1, Scale)) / 2 * 2);
}
