using System.Globalization;
using System.Net;
using ReplyX.Messaging.PubSub;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// What a loop hears of Redis: one connection, or on a cluster with sharded channels one to each server that takes writes. There each
/// channel is heard where its slot is. Whoever knows better says so: a server that refuses a channel names the one that has it, one that
/// gives a slot away ends its subscriptions, and once a second it is compared with what the client library has found out.
/// </summary>
internal sealed partial class FeedConnections : IDisposable
{
    private static readonly TimeSpan _untilKnown = TimeSpan.FromMilliseconds(50);

    // A server that was named may be gone, and the library may know of another one for long.
    private static readonly TimeSpan _homeless = TimeSpan.FromSeconds(2);

    private readonly DeliveryLoop _loop;
    private readonly Action<bool> _onChange;
    private readonly Dictionary<string, IFeedListener> _waiting = [];
    private readonly Dictionary<EndPoint, FeedConnection> _servers = [];
    private readonly Dictionary<int, Slot> _slots = [];
    private FeedConnection? _only;
    private bool _isSharded;
    private bool _isUp;
    private bool _isDisposed;

    /// <summary>Makes one that is not connected.</summary>
    /// <param name="loop">The loop that it belongs to.</param>
    /// <param name="onChange">Told when all is heard, and when some of it is not.</param>
    public FeedConnections(DeliveryLoop loop, Action<bool> onChange)
    {
        _loop = loop;
        _onChange = onChange;
    }

    private FeedEndpoint Endpoint => _loop.Services.Feed;

    private IEnumerable<FeedConnection> All => _only is null ? _servers.Values : [_only];

    /// <summary>Begins to connect, as soon as it is known to what.</summary>
    public void Connect()
    {
        if (_isDisposed)
        {
            return;
        }

        if (Endpoint.IsSharded is not { } isSharded)
        {
            _loop.Schedule(_untilKnown, Connect);
            return;
        }

        _isSharded = isSharded;
        if (isSharded)
        {
            ConnectToAll();
        }
        else
        {
            _only = new FeedConnection(_loop, this, server: null);
            _only.Connect();
        }

        foreach (var (channel, listener) in _waiting)
        {
            Subscribe(channel, listener);
        }

        _waiting.Clear();
    }

    /// <summary>Begins to hear a channel, in place of whoever heard it before.</summary>
    public void Subscribe(string channel, IFeedListener listener)
    {
        if (_only is not null)
        {
            _only.Feed.Subscribe(channel, listener);
        }
        else if (!_isSharded)
        {
            _waiting[channel] = listener;
        }
        else
        {
            var number = Endpoint.SlotOf(channel);
            if (!_slots.TryGetValue(number, out var slot))
            {
                var server = Endpoint.FindServer(channel);
                _slots[number] = slot = new Slot { Said = server, Home = server };
            }

            slot.Channels[channel] = listener;
            Of(slot)?.Subscribe(channel, listener);
        }
    }

    /// <summary>Hears a channel no more.</summary>
    public void Unsubscribe(string channel)
    {
        _waiting.Remove(channel);
        _only?.Feed.Unsubscribe(channel);
        if (_isSharded && Find(channel) is { } slot && slot.Channels.Remove(channel))
        {
            Of(slot)?.Unsubscribe(channel);
            if (slot.Channels.Count == 0)
            {
                _slots.Remove(Endpoint.SlotOf(channel));
            }
        }
    }

    /// <summary>Whether what is published on a channel is heard now.</summary>
    public bool Hears(string channel) =>
        _only is not null ? _only.Feed.Hears(channel) : _isSharded && Find(channel) is { } slot && Of(slot)?.Hears(channel) == true;

    /// <summary>Sends what waits to be sent.</summary>
    public void Flush()
    {
        if (_only is not null)
        {
            _only.Feed.Flush();
            return;
        }

        foreach (var server in _servers.Values)
        {
            server.Feed.Flush();
        }
    }

    /// <summary>Looks whether servers still speak, and are still the ones to listen to. Called once a second.</summary>
    public void Check()
    {
        if (_isSharded)
        {
            ConnectToAll();
            CheckSlots();
        }

        foreach (var connection in All)
        {
            connection.Check();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var connection in All)
        {
            connection.Dispose();
        }
    }

    /// <summary>A connection has come about or is lost.</summary>
    public void OnChange()
    {
        // One that has just been found has lost nothing.
        var isUp = _only is not null ? _only.IsUp : _servers.Values.Any(server => server.IsUp) && _servers.Values.All(server => server.IsUp || !server.WasUp);
        if (isUp != _isUp)
        {
            _isUp = isUp;
            _onChange(isUp);
        }
    }

    /// <summary>A server has refused the channels of a slot, and named the one that has them.</summary>
    /// <param name="number">The slot.</param>
    /// <param name="address">The other server, as Redis writes it.</param>
    /// <param name="from">The one that refused.</param>
    public void OnMoved(int number, string address, EndPoint from)
    {
        // What one says that they were taken from already is no news.
        if (_slots.TryGetValue(number, out var slot) && from.Equals(slot.Home) && Parse(address, from) is { } server)
        {
            MoveLater(number, slot, server);
        }
    }

    /// <summary>A server has ended a subscription. Asked again it takes it, or names the server that does.</summary>
    public void OnEnded(string channel)
    {
        if (Find(channel) is { } slot && slot.Channels.TryGetValue(channel, out var listener))
        {
            Of(slot)?.Subscribe(channel, listener);
        }
    }

    private Slot? Find(string channel) => _slots.GetValueOrDefault(Endpoint.SlotOf(channel));

    private RedisFeed? Of(Slot slot) => slot.Home is { } home ? Connection(home).Feed : null;

    private FeedConnection Connection(EndPoint server)
    {
        if (!_servers.TryGetValue(server, out var connection))
        {
            _servers.Add(server, connection = new FeedConnection(_loop, this, server));
            connection.Connect();
            OnChange();
        }

        return connection;
    }

    private void ConnectToAll()
    {
        var writers = Endpoint.FindAll();
        foreach (var server in writers)
        {
            Connection(server);
        }

        // What was a master, and has no channels of ours any more. While none is known nothing is concluded from it.
        foreach (var (server, connection) in _servers.ToArray())
        {
            if (writers.Count > 0 && !writers.Contains(server) && connection.Feed.Count == 0)
            {
                _servers.Remove(server);
                connection.Dispose();
                OnChange();
            }
        }
    }

    private void CheckSlots()
    {
        var now = _loop.Services.Time.GetTimestamp();
        foreach (var (number, slot) in _slots.ToArray())
        {
            var said = Endpoint.FindServer(slot.Channels.Keys.First());
            var isHomeless = slot.Home is null || !Connection(slot.Home).IsUp;
            slot.HomelessSince = isHomeless ? slot.HomelessSince ?? now : null;
            var hasChanged = said is not null && !said.Equals(slot.Said);
            var mustChange = slot.HomelessSince is { } since && _loop.Services.Time.GetElapsedTime(since, now) > _homeless;
            slot.Said = said ?? slot.Said;
            if (said is not null && (hasChanged || mustChange || slot.Home is null) && !said.Equals(slot.Home))
            {
                Move(number, slot, said);
            }
        }
    }

    // Not amid what is being received.
    private void MoveLater(int number, Slot slot, EndPoint server)
    {
        var from = slot.Home;
        _loop.Post(() =>
        {
            // Each of a slot's channels is refused by itself.
            if (!_isDisposed && _slots.TryGetValue(number, out var current) && current == slot && slot.Home == from)
            {
                Move(number, slot, server);
            }
        });
    }

    private void Move(int number, Slot slot, EndPoint server)
    {
        var (old, now) = ($"{slot.Home}", $"{server}");
        Log.Moved(_loop.Services.Logger, number, old, now);
        var before = Of(slot);
        slot.Home = server;
        slot.HomelessSince = null;
        var feed = Connection(server).Feed;
        foreach (var (channel, listener) in slot.Channels)
        {
            if (before is not null && before != feed)
            {
                before.Unsubscribe(channel);
                before.Forget(channel);
            }

            listener.OnLost();
            feed.Subscribe(channel, listener);
        }
    }

    private static EndPoint? Parse(string address, EndPoint from)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = address[..colon].Trim('[', ']');
        return host.Length > 0
            ? IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port)
            : from switch
            {
                IPEndPoint same => new IPEndPoint(same.Address, port),
                DnsEndPoint same => new DnsEndPoint(same.Host, port),
                _ => null,
            };
    }

    private sealed class Slot
    {
        public Dictionary<string, IFeedListener> Channels { get; } = [];

        /// <summary>Where its channels are heard; null if no server is known.</summary>
        public EndPoint? Home { get; set; }

        /// <summary>What the library said the last time that it knew.</summary>
        public EndPoint? Said { get; set; }

        /// <summary>Since when there is no connection to its home; null if there is one.</summary>
        public long? HomelessSince { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The channels of slot {Slot} are heard at {Server} and no longer at {Before}")]
        public static partial void Moved(ILogger logger, int slot, string before, string server);
    }
}
