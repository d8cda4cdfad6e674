using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Connections;

/// <summary>
/// One socket, from the moment it may be had to its end. It belongs to the loop of its dialog: all that is not said to be for any
/// thread runs there.
/// </summary>
internal sealed partial class SocketConnection : ITransportListener
{
    // Not an error of the protocol: never sent, only counted (RFC 6455 section 7.4.1).
    private const int NoStatus = 1005;
    private const int AbnormalClosure = 1006;

    // A peer that broke the protocol hears why if nothing is cut before it stops talking.
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(200);

    // What a peer may still say after the goodbye; an honest one's frames that were under way are less.
    private const int MostAfterGoodbye = 1024 * 1024;

    private readonly DeliveryLoop _loop;
    private readonly IPAddress? _counted;
    private TaskCompletionSource<bool>? _ready;
    private DialogChannel? _channel;
    private ByteTransport? _transport;
    private TokenBucket _rate;
    private SocketState _state;
    private int _closeCode;
    private IDisposable? _closeTimeout;

    /// <summary>Makes a socket that is not open yet.</summary>
    /// <param name="peer">Who it is.</param>
    /// <param name="loop">The loop that it will belong to.</param>
    /// <param name="counted">The address that limits count it under, until its end; null if they do not.</param>
    public SocketConnection(Peer peer, DeliveryLoop loop, IPAddress? counted = null)
    {
        Peer = peer;
        Id = CreateId();
        _loop = loop;
        _counted = counted;
        _heardAt = _receivedAt = loop.Services.Time.GetTimestamp();
        _rate = new TokenBucket(loop.Services.Limits.FramesPerSecond, loop.Services.Limits.FrameBurst);
        _frames = new InboundFrames(loop.Services.Options.MaxMessageBytes);
    }

    public ulong Id { get; }

    /// <summary>Who is connected. A refreshed token replaces it by one that differs in its expiry alone. For any thread.</summary>
    public Peer Peer { get; private set; }

    /// <summary>The code it is or was closed with; 0 while it is open. For any thread.</summary>
    public int CloseCode => Volatile.Read(ref _closeCode);

    /// <summary>Whether it is closed or being closed. For any thread.</summary>
    public bool IsClosing => CloseCode != 0;

    /// <summary>Its loop. For any thread.</summary>
    public DeliveryLoop Loop => _loop;

    private DeliveryServices Services => _loop.Services;

    /// <summary>Puts it on its dialog, before the handshake is answered.</summary>
    /// <returns>Completes on the loop: whether its dialog can be served; false too if it was cut meanwhile.</returns>
    public Task<bool> JoinAsync()
    {
        var ready = _ready = new TaskCompletionSource<bool>();
        _channel = _loop.Join(this);
        return ready.Task;
    }

    /// <summary>The handshake is answered: reads, and sends what was missed and what comes.</summary>
    /// <param name="transport">The connection.</param>
    /// <param name="cursor">The client's cursor; null if it has none.</param>
    public void Open(ByteTransport transport, string? cursor)
    {
        _ready = null;
        _transport = transport;
        _state = SocketState.Replaying;
        _loop.Add(this);
        if (_channel is not null)
        {
            Services.Connections.Add(this);
            StartReplay(cursor);
        }

        transport.Start(this);
    }

    /// <summary>Says goodbye. The connection is cut if the peer does not answer in time.</summary>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, for the developer who reads it.</param>
    /// <param name="drop">Whether what is queued is dropped, so that the goodbye leaves at once.</param>
    public void Close(CloseCode code, string reason, bool drop = false) =>
        Close((int)code, OutboundFrame.Close(code, reason), drop, SocketState.Closing);

    /// <summary>
    /// The channel cannot go on from where it was: the log was lost or rolled back. A socket that is not open yet was told nothing of
    /// that log, and begins with the one that there is now.
    /// </summary>
    public void Interrupt()
    {
        if (_transport is not null)
        {
            Close(WebSockets.CloseCode.ServiceRestart, "The log was replaced; reconnect.");
        }
    }

    /// <summary>Looks whether its peer is alive, takes what it is sent, and whether its token still lives. Called once a second.</summary>
    public void Check(long now, DateTimeOffset utcNow)
    {
        if (_state is SocketState.Closing or SocketState.Draining or SocketState.Closed)
        {
            return;
        }

        var left = Peer.ExpiresAt - utcNow;
        if (_backlog is not null && Services.Time.GetElapsedTime(_backlog.MovedAt, now) > Services.Options.SendTimeout)
        {
            CloseSlow();
        }
        else if (Services.Time.GetElapsedTime(_heardAt, now) > Services.Options.SilenceTimeout)
        {
            Close(WebSockets.CloseCode.GoingAway, "Nothing was heard for too long.");
        }
        else if (_channel is null)
        {
            return;
        }
        else if (left <= TimeSpan.Zero)
        {
            Close(WebSockets.CloseCode.TokenExpired, "The token ran out; reconnect with a fresh one.");
        }
        else if (left <= Services.Options.TokenExpiryNotice && !_expiryAnnounced)
        {
            _expiryAnnounced = true;
            Send(Protocol.ServerFrames.TokenExpiring(Peer.ExpiresAt));
        }
    }

    /// <summary>Ends it without a goodbye.</summary>
    public void Cut()
    {
        if (_state == SocketState.Closed)
        {
            return;
        }

        _state = SocketState.Closed;
        if (_closeCode == 0)
        {
            Volatile.Write(ref _closeCode, AbnormalClosure);
        }

        _closeTimeout?.Dispose();
        _transport?.Close();
        _backlog?.Clear();
        _backlog = null;
        EndReplay();
        ReleaseInbound();
        _channel?.Remove(this);
        _ready?.TrySetResult(false);
        _loop.Remove(this);
        Services.Connections.Remove(this);
        if (_counted is not null)
        {
            Services.ConnectionLimits.Leave(Peer, _counted);
        }
    }

    private void Close(int code, OutboundFrame goodbye, bool drop, SocketState next)
    {
        if (_state is SocketState.Closing or SocketState.Draining or SocketState.Closed)
        {
            return;
        }

        _state = next;
        Volatile.Write(ref _closeCode, code);
        _closeTimeout = _loop.Schedule(Services.Options.CloseTimeout, Cut);

        // Nothing that its dialog says from now on is for it. In a hand-out the channel's list must stay as it is.
        EndReplay();
        _loop.LeaveLater(this);
        if (drop)
        {
            _backlog?.Drop();
        }

        Enqueue(goodbye);
        if (_isServing)
        {
            // What it asked is not answered any more; the peer's goodbye is still to be read.
            _isServing = false;
            _loop.Post(ResumeReading);
        }
    }

    /// <summary>Takes it off its dialog, once no list is walked through.</summary>
    public void Leave() => _channel?.Remove(this);

    private static ulong CreateId()
    {
        ulong id = 0;
        while (id == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref id)));
        }

        return id;
    }

    private string IdText => Id.ToString("x16", CultureInfo.InvariantCulture);
}
