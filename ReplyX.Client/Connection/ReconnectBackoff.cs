namespace ReplyX.Client;

/// <summary>
/// Decorrelated jitter: each wait is drawn between the shortest one and three times the wait before, and capped. Clients that
/// lost their sockets at the same moment return at different times; with a doubling delay and a little noise they would return together.
/// </summary>
internal sealed class ReconnectBackoff(TimeSpan shortest, TimeSpan longest, Random random)
{
    private const double Spread = 3;

    private TimeSpan? _previous;

    /// <summary>Whether there was no wait since the last reset.</summary>
    internal bool IsFresh => _previous is null;

    internal TimeSpan Next()
    {
        var top = Math.Min((_previous ?? shortest).Ticks * Spread, longest.Ticks);
        var ticks = shortest.Ticks + (random.NextDouble() * (top - shortest.Ticks));
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks((long)ticks).TotalMilliseconds)); // Timers count milliseconds.
        _previous = wait;
        return wait;
    }

    internal void Reset() => _previous = null;
}
