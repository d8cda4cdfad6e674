using System.Net;
using ReplyX.Messaging.PubSub;
using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// A loop's connection to the publish/subscribe of one Redis server: made again whenever it is lost, and found out when it falls silent.
/// </summary>
internal sealed partial class FeedConnection : ITransportListener, IFeedLink, IDisposable
{
    private static readonly TimeSpan _pingAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _lostAfter = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    private readonly DeliveryLoop _loop;
    private readonly FeedConnections _all;
    private readonly EndPoint? _server;
    private ByteTransport? _transport;
    private EndPoint? _endpoint;
    private TimeSpan _pause;
    private long _receivedAt;
    private bool _isWaitingForPong;
    private bool _isUp;
    private bool _isDisposed;

    /// <summary>Makes one that is not connected.</summary>
    /// <param name="loop">The loop that it belongs to.</param>
    /// <param name="all">Told when it is connected, and when it is lost, and what goes elsewhere.</param>
    /// <param name="server">The server, where channels are sharded; null for the one that takes the writes.</param>
    public FeedConnection(DeliveryLoop loop, FeedConnections all, EndPoint? server)
    {
        _loop = loop;
        _all = all;
        _server = server;
        Feed = new RedisFeed(this, loop.Services.Feed.User, loop.Services.Feed.Password) { IsSharded = server is not null };
    }

    public RedisFeed Feed { get; }

    /// <summary>Whether Redis speaks on it.</summary>
    public bool IsUp => _isUp;

    /// <summary>Whether it ever did.</summary>
    public bool WasUp { get; private set; }

    Span<byte> ITransportListener.ReceiveBuffer => Feed.ReceiveBuffer;

    public void Connect() => _loop.Await(
        () => _loop.Services.Feed.ConnectAsync(_loop, _server),
        connected => OnConnected(connected.Transport, connected.Endpoint),
        exception =>
        {
            Log.NotConnected(_loop.Services.Logger, exception.Message);
            ConnectLater();
        });

    /// <summary>Looks whether Redis still speaks, and is still the one to listen to. Called once a second.</summary>
    public void Check()
    {
        if (_transport is null)
        {
            return;
        }

        var silence = _loop.Services.Time.GetElapsedTime(_receivedAt);
        if (silence > _lostAfter)
        {
            Fail("It is silent.");
        }
        else if (_server is null && _loop.Services.Feed.HasMoved(_endpoint!))
        {
            Fail("Another server takes the writes now.");
        }
        else if (silence > _pingAfter && !_isWaitingForPong)
        {
            _isWaitingForPong = true;
            Feed.Ping();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _transport?.Close();
        _transport = null;
    }

    bool ITransportListener.OnReceived(int count)
    {
        _receivedAt = _loop.Services.Time.GetTimestamp();
        _isWaitingForPong = false;
        Feed.OnReceived(count);
        if (_transport is not null && !_isUp)
        {
            // Not as soon as there is a connection: a server that still loads its data accepts and refuses every command.
            _isUp = WasUp = true;
            _pause = TimeSpan.Zero;
            _all.OnChange();
        }

        return _transport is not null;
    }

    void ITransportListener.OnWritable() => Feed.Flush();

    void ITransportListener.OnEnded() => Fail("Redis closed it.");

    int IFeedLink.Send(ReadOnlySpan<byte> bytes) => _transport?.Send(bytes) ?? ByteTransport.Gone;

    void IFeedLink.OnBatchEnd() => _loop.Flush();

    void IFeedLink.OnMoved(int slot, string address) => _all.OnMoved(slot, address, _endpoint!);

    void IFeedLink.OnEnded(string channel) => _all.OnEnded(channel);

    public void Fail(string reason)
    {
        if (_transport is null)
        {
            return;
        }

        Log.Lost(_loop.Services.Logger, reason);
        _transport.Close();
        _transport = null;
        Feed.OnDisconnected();
        if (_isUp)
        {
            _isUp = false;
            _all.OnChange();
        }

        ConnectLater();
    }

    private void OnConnected(ByteTransport transport, EndPoint endpoint)
    {
        if (_isDisposed)
        {
            transport.Close();
            return;
        }

        _receivedAt = _loop.Services.Time.GetTimestamp();
        _isWaitingForPong = false;
        _endpoint = endpoint;
        _transport = transport;
        _transport.Start(this);
        Feed.OnConnected();
        Feed.Ping();
    }

    private void ConnectLater()
    {
        if (_isDisposed)
        {
            return;
        }

        _loop.Schedule(_pause * (0.5 + Random.Shared.NextDouble()), Connect);
        _pause = _pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, _longestPause.Ticks));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The feed of published events is lost: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "The feed of published events cannot be connected: {Reason}")]
        public static partial void NotConnected(ILogger logger, string reason);
    }
}
