namespace ReplyX.Bench.Scale;

/// <summary>Some servers with one queue before them, first come, first served. Times are seconds.</summary>
/// <param name="servers">How many serve at once.</param>
internal sealed class ServerQueue(int servers)
{
    private readonly PriorityQueue<int, double> _freeAt = new(Enumerable.Range(0, servers).Select(server => (server, 0.0)));

    /// <summary>Takes the next arrival. Arrivals come in the order of their times.</summary>
    /// <param name="now">When it comes.</param>
    /// <param name="service">How long it takes to serve.</param>
    /// <param name="patience">How long it waits at most: who is gone when its turn comes costs nothing.</param>
    /// <returns>When it has been served; null if it was gone by then, or before its turn came.</returns>
    public double? Enter(double now, double service, double patience = double.PositiveInfinity)
    {
        _freeAt.TryPeek(out var server, out var freeAt);
        var begin = Math.Max(now, freeAt);
        if (begin > now + patience)
        {
            return null;
        }

        var end = begin + service;
        _freeAt.DequeueEnqueue(server, end);
        return end <= now + patience ? end : null;
    }
}
