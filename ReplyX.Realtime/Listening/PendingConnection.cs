using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Listening;

/// <summary>A connection of which it is not known yet what it wants. Its bytes are only looked at: whoever gets it finds all of them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PendingConnection(SocketListener listener, int descriptor, IPAddress remote, IPAddress? counted) : IPollTarget
{
    // A head as a rule is one segment. Whose is not there after this is the server's, which knows how to wait for one.
    private static readonly TimeSpan _headPatience = TimeSpan.FromSeconds(1);

    private int _place;
    private IDisposable? _timeout;
    private bool _hasBegun;

    /// <summary>Waits for its first bytes.</summary>
    public void Start()
    {
        _timeout = listener.Loop.Schedule(listener.IdleTimeout, Discard);
        _place = ((EpollPoller)listener.Loop.Poller).Add(descriptor, this);
    }

    /// <summary>Closes it.</summary>
    public void Discard()
    {
        Release();
        listener.Discard(descriptor, counted);
    }

    public void OnReady(uint events)
    {
        var head = listener.Loop.Head;
        var count = Epoll.Receive(descriptor, head, peek: true);
        if (count < 0 && Marshal.GetLastPInvokeError() is Epoll.TryAgain or Epoll.Interrupted)
        {
            return;
        }

        if (count <= 0)
        {
            Discard();
            return;
        }

        switch (UpgradeHead.Read(head[..count], out var upgrade))
        {
            case UpgradeHeadStatus.Complete:
                Release();
                DirectUpgrade.Start(listener, descriptor, remote, counted, upgrade!);
                break;
            case UpgradeHeadStatus.Incomplete when count < head.Length && (events & (Epoll.PeerHangUp | Epoll.HangUp | Epoll.Error)) == 0:
                WaitForMore();
                break;
            default:
                GiveToServer();
                break;
        }
    }

    private void WaitForMore()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _timeout?.Dispose();
            _timeout = listener.Loop.Schedule(_headPatience, GiveToServer);
        }
    }

    private void GiveToServer()
    {
        Release();
        listener.GiveToServer(descriptor, counted);
    }

    private void Release()
    {
        _timeout?.Dispose();
        ((EpollPoller)listener.Loop.Poller).Remove(descriptor, _place);
        listener.Forget(this);
    }
}
