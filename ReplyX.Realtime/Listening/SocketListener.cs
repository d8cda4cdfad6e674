using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.Upgrades;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Listening;

/// <summary>
/// Looks at how a connection begins. What asks for a socket, plainly and in one piece, is served here and costs the server nothing;
/// all else goes to the server with not a byte taken off.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class SocketListener : IConnectionListener, IPollTarget
{
    // So many in a row, then the others on the loop have their turn.
    private const int AcceptsPerTurn = 64;

    private static readonly TimeSpan _checkInterval = TimeSpan.FromMilliseconds(250);

    // Where accept(2) finds no descriptor or memory left; what is closed meanwhile makes room.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly GatedConnections _connections;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly ILogger _logger;
    private readonly HashSet<PendingConnection> _pending = [];
    private readonly Channel<ConnectionContext> _forServer = Channel.CreateUnbounded<ConnectionContext>();
    private int _descriptor;
    private int _place;
    private bool _isPausing;
    private bool _isChecking;

    public SocketListener(
        Socket socket,
        ListeningLoop loop,
        ConnectionGate gate,
        TrustedProxies proxies,
        SocketHandler handler,
        SocketConnectionContextFactory contexts,
        ConnectionOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _socket = socket;
        _connections = new GatedConnections(gate, options.StopGrace);
        _contexts = contexts;
        _logger = logger;
        Loop = loop;
        Gate = gate;
        Proxies = proxies;
        Handler = handler;
        Time = time;
        IdleTimeout = options.IdleTimeout;
        EndPoint = socket.LocalEndPoint!;
        _descriptor = Epoll.Duplicate(socket.SafeHandle);
        loop.Post(() => _place = ((EpollPoller)loop.Poller).Add(_descriptor, this));
    }

    public EndPoint EndPoint { get; }

    public ListeningLoop Loop { get; }

    /// <summary>Where every connection has its place.</summary>
    public ConnectionGate Gate { get; }

    public TrustedProxies Proxies { get; }

    public SocketHandler Handler { get; }

    public TimeProvider Time { get; }

    /// <summary>How long a connection may say nothing.</summary>
    public TimeSpan IdleTimeout { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _forServer.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await Loop.InvokeAsync(StopListening);
        _forServer.Writer.TryComplete();
        _ = _connections.CutAfterGraceAsync();
    }

    public ValueTask DisposeAsync() => _descriptor < 0 ? ValueTask.CompletedTask : UnbindAsync();

    void IPollTarget.OnReady(uint events)
    {
        if (_isPausing)
        {
            return;
        }

        Span<byte> address = stackalloc byte[PeerAddress.MaxBytes];
        for (var accepts = 0; _descriptor >= 0; accepts++)
        {
            if (accepts == AcceptsPerTurn)
            {
                Loop.TakeTurn(this);
                return;
            }

            var descriptor = Epoll.Accept(_descriptor, address, out var length);
            if (descriptor >= 0)
            {
                OnAccepted(descriptor, PeerAddress.Read(address[..length]));
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Epoll.TryAgain:
                    return;
                case Epoll.Interrupted or Epoll.ConnectionAborted:
                    break;
                case var error:
                    Log.NotAccepted(_logger, Marshal.GetPInvokeErrorMessage(error));
                    Pause();
                    return;
            }
        }
    }

    /// <summary>Gives a connection to the server, as if nobody had looked at it. May be called by any thread.</summary>
    /// <param name="descriptor">The connection.</param>
    /// <param name="counted">The address that its place counts for.</param>
    /// <param name="problem">What the server is to answer its first request with; null if the server is to find that out.</param>
    public void GiveToServer(int descriptor, IPAddress? counted, SocketProblem? problem = null)
    {
        var context = _contexts.Create(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));
        if (problem is not null)
        {
            context.Features.Set(problem);
        }

        var gated = _connections.Add(context, counted);
        if (!_forServer.Writer.TryWrite(gated))
        {
            _ = Task.Run(() => gated.DisposeAsync().AsTask());
        }
    }

    /// <summary>Closes a connection that nobody else has. May be called by any thread.</summary>
    public void Discard(int descriptor, IPAddress? counted)
    {
        _ = Epoll.Close(descriptor);
        Gate.Release(counted);
    }

    /// <summary>A socket could not be served once its handshake was answered. May be called by any thread.</summary>
    public void OnFailed(Exception exception) => Log.NotServed(_logger, exception);

    /// <summary>It is known what a connection wants.</summary>
    public void Forget(PendingConnection connection) => _pending.Remove(connection);

    private void OnAccepted(int descriptor, IPAddress? remote)
    {
        if (!Gate.TryAcquire(remote, out var counted))
        {
            _ = Epoll.Close(descriptor);
            return;
        }

        var connection = new PendingConnection(this, descriptor, remote ?? IPAddress.None, counted);
        try
        {
            connection.Start();
        }
        catch (IOException exception)
        {
            Log.NotAccepted(_logger, exception.Message);
            Discard(descriptor, counted);
            return;
        }

        _pending.Add(connection);
        if (!_isChecking)
        {
            _isChecking = true;
            Loop.Schedule(_checkInterval, Check);
        }
    }

    // One timer for all of them: nearly every connection says what it wants long before its time is up.
    private void Check()
    {
        var now = Time.GetTimestamp();
        foreach (var connection in _pending.ToArray())
        {
            connection.Check(now);
        }

        _isChecking = _pending.Count > 0;
        if (_isChecking)
        {
            Loop.Schedule(_checkInterval, Check);
        }
    }

    private void Pause()
    {
        _isPausing = true;
        Loop.Schedule(_pause, () =>
        {
            _isPausing = false;
            Loop.TakeTurn(this);
        });
    }

    private void StopListening()
    {
        if (_descriptor < 0)
        {
            return;
        }

        ((EpollPoller)Loop.Poller).Remove(_descriptor, _place);
        _ = Epoll.Close(_descriptor);
        _descriptor = -1;
        _socket.Dispose();
        foreach (var connection in _pending.ToArray())
        {
            connection.Discard();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "No connection could be accepted: {Reason}")]
        public static partial void NotAccepted(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "A socket could not be served")]
        public static partial void NotServed(ILogger logger, Exception exception);
    }
}
