using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ReplyX.Realtime.Transport;

/// <summary>Waits for descriptors, each watched once and told of changes only (edge-triggered), and for wakes.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EpollPoller : Poller
{
    private const int EventsPerWait = 512;
    private const uint Watched = Epoll.In | Epoll.Out | Epoll.PeerHangUp | Epoll.EdgeTriggered;
    private const ulong WakerData = ulong.MaxValue;

    private readonly int _epoll = Epoll.Create();
    private readonly int _waker = Epoll.CreateWaker();
    private readonly byte[] _events = new byte[EventsPerWait * Epoll.EventSize];

    // An event names a place and how often the place was given away, so that one that was under way when its descriptor was closed
    // does not reach the next to have the place.
    private readonly Stack<int> _free = [];
    private IPollTarget?[] _targets = new IPollTarget?[64];
    private uint[] _generations = new uint[64];
    private int _used;
    private bool _disposed;

    public EpollPoller() => Epoll.Watch(_epoll, _waker, Epoll.In | Epoll.EdgeTriggered, WakerData);

    /// <summary>Watches a descriptor.</summary>
    /// <returns>Its place, for <see cref="Remove"/>.</returns>
    /// <exception cref="IOException">The system watches no more descriptors for this user. Nothing has changed.</exception>
    public int Add(int descriptor, IPollTarget target)
    {
        var isFree = _free.TryPeek(out var place);
        if (!isFree)
        {
            place = _used;
            if (place == _targets.Length)
            {
                Array.Resize(ref _targets, 2 * place);
                Array.Resize(ref _generations, 2 * place);
            }
        }

        Epoll.Watch(_epoll, descriptor, Watched, ((ulong)_generations[place] << 32) | (uint)place);
        _targets[place] = target;
        _ = isFree ? _free.Pop() : _used++;
        return place;
    }

    /// <summary>Watches it no more.</summary>
    /// <param name="descriptor">The descriptor, which is still open.</param>
    /// <param name="place">Its place.</param>
    public void Remove(int descriptor, int place)
    {
        _targets[place] = null;
        _generations[place]++;
        _free.Push(place);
        Epoll.Forget(_epoll, descriptor);
    }

    public override void Wait(bool block)
    {
        var count = Epoll.Wait(_epoll, _events, block ? Timeout.Infinite : 0);
        for (var i = 0; i < count; i++)
        {
            var entry = _events.AsSpan(i * Epoll.EventSize);
            var events = MemoryMarshal.Read<uint>(entry);
            var data = MemoryMarshal.Read<ulong>(entry[Epoll.DataOffset..]);
            if (data == WakerData)
            {
                Epoll.Clear(_waker);
                continue;
            }

            var place = (int)(uint)data;
            if (_generations[place] == (uint)(data >> 32))
            {
                _targets[place]?.OnReady(events);
            }
        }
    }

    public override void Wake() => Epoll.Wake(_waker);

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Epoll.Close(_epoll);
            _ = Epoll.Close(_waker);
        }
    }
}
