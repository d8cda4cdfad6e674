namespace ReplyX.Realtime.Transport;

/// <summary>Waits for wakes alone, where loops own no descriptors.</summary>
internal sealed class SignalPoller : Poller
{
    private readonly SemaphoreSlim _wakes = new(0);

    public override void Wait(bool block)
    {
        if (_wakes.Wait(block ? Timeout.Infinite : 0))
        {
            // Several wakes are one.
            while (_wakes.Wait(0))
            {
            }
        }
    }

    public override void Wake() => _wakes.Release();

    public override void Dispose() => _wakes.Dispose();
}
