namespace ReplyX.Realtime.Transport;

/// <summary>What an <see cref="EventLoop"/> turns to: when its descriptor is ready, or when it asked for another turn.</summary>
internal interface IPollTarget
{
    /// <summary>It is its turn.</summary>
    /// <param name="events">What its descriptor is ready for; 0 in a turn that it asked for.</param>
    void OnReady(uint events);
}
