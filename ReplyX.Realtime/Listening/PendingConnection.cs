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
    private long _since;
    private bool _hasBegun;

    /// <summary>Waits for its first bytes.</summary>
    public void Start()
    {
        _since = listener.Time.GetTimestamp();
        _place = ((EpollPoller)listener.Loop.Poller).Add(descriptor, this);
    }

    /// <summary>Looks whether it has waited long enough. Called a few times a second.</summary>
    public void Check(long now)
    {
        var waited = listener.Time.GetElapsedTime(_since, now);
        if (_hasBegun && waited >= _headPatience)
        {
            GiveToServer();
        }
        else if (!_hasBegun && waited >= listener.IdleTimeout)
        {
            Discard();
        }
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
            _since = listener.Time.GetTimestamp();
        }
    }

    private void GiveToServer()
    {
        Release();
        listener.GiveToServer(descriptor, counted);
    }

    private void Release()
    {
        ((EpollPoller)listener.Loop.Poller).Remove(descriptor, _place);
        listener.Forget(this);
    }
}
