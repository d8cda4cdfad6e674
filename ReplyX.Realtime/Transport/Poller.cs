namespace ReplyX.Realtime.Transport;

/// <summary>What a loop waits on.</summary>
internal abstract class Poller : IDisposable
{
    /// <summary>The best that this system has.</summary>
    public static Poller Create() => OperatingSystem.IsLinux() ? new EpollPoller() : new SignalPoller();

    /// <summary>Waits for descriptors or a wake, and tells those that are ready.</summary>
    /// <param name="block">Whether to wait if nothing is ready.</param>
    public abstract void Wait(bool block);

    /// <summary>Ends a wait. May be called by any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();
}
