namespace ReplyX.Realtime.Draining;

/// <summary>Whether this node takes leave: it is not ready, and refuses upgrades.</summary>
internal sealed class DrainState
{
    private int _draining;

    public bool IsDraining => Volatile.Read(ref _draining) == 1;

    /// <summary>Begins to drain.</summary>
    /// <returns>Whether this call began it.</returns>
    public bool Begin() => Interlocked.Exchange(ref _draining, 1) == 0;
}
