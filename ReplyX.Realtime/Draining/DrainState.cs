namespace ReplyX.Realtime.Draining;

/// <summary>Whether this node is out of service: it is not ready, and refuses upgrades.</summary>
internal sealed class DrainState
{
    private const int Serving = 0;
    private const int Draining = 1;
    private const int Stopping = 2;

    private int _state;

    public bool IsDraining => Volatile.Read(ref _state) != Serving;

    /// <summary>Takes the node out of service.</summary>
    /// <returns>Whether this call did.</returns>
    public bool TryDrain() => Interlocked.CompareExchange(ref _state, Draining, Serving) == Serving;

    /// <summary>Puts the node back into service.</summary>
    /// <returns>False if the node stops, which nothing takes back.</returns>
    public bool TryUndrain() => Interlocked.CompareExchange(ref _state, Serving, Draining) != Stopping;

    /// <summary>Takes the node out of service for good.</summary>
    public void Stop() => Volatile.Write(ref _state, Stopping);
}
