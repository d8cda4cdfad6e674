using System.Diagnostics;

namespace ReplyX.Bench.Load;

/// <summary>Rooms with their sockets and senders on one peer, and the account of every delivery.</summary>
internal sealed class RoomLoad(LoadLoop loop, PeerProtocol protocol)
{
    private const int ReportedConnects = 500;

    private static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _connectLimit = TimeSpan.FromMinutes(3);

    private readonly List<WebSocketConnection> _sockets = [];
    private long _lastTick = Stopwatch.GetTimestamp();
    private double _heartbeatsDue;
    private int _nextHeartbeat;
    private int _ready;

    public IReadOnlyList<WebSocketConnection> Sockets => _sockets;

    public LatencyHistogram Latencies { get; } = new();

    /// <summary>How long each socket took from its connect to being ready.</summary>
    public LatencyHistogram Connects { get; } = new();

    public long Deliveries { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Messages that reached every socket of their room.</summary>
    public long Completed { get; private set; }

    /// <summary>Deliveries that were sent and have not come.</summary>
    public long Missing => _sockets.Sum(socket => socket.Missing);

    /// <summary>Told of each message that has reached every socket of its room.</summary>
    public Action? OnCompleted { get; set; }

    /// <summary>Told of each request to a room that was answered.</summary>
    public Action<Room>? OnAnswered { get; set; }

    /// <summary>Told of each delivery, after it was counted.</summary>
    public Action<WebSocketConnection>? OnDelivery { get; set; }

    /// <summary>Opens a socket in each of these rooms, so many at once, and waits until they are ready.</summary>
    public void Connect(IReadOnlyList<Room> rooms, int atOnce, ConnectMode mode = ConnectMode.Joined, Action<int>? report = null)
    {
        var first = _ready;
        var started = 0;
        var isAll = loop.RunUntil(
            () =>
            {
                while (started < rooms.Count && started - (_ready - first) < atOnce)
                {
                    Open(rooms[started++], mode);
                }

                return _ready - first == rooms.Count;
            },
            _connectLimit,
            () =>
            {
                Tick();
                if ((_ready - first) % ReportedConnects == 0)
                {
                    report?.Invoke(_ready - first);
                }
            });
        if (!isAll)
        {
            throw new BenchException($"{_ready - first} of {rooms.Count} sockets were ready after {_connectLimit.TotalMinutes} minutes");
        }
    }

    /// <summary>Sends the room's next message.</summary>
    public void Send(Room room)
    {
        var number = room.BeginMessage();
        if (protocol.PostPort is { } port)
        {
            protocol.Post(Sender(room, port), room, number);
        }
        else
        {
            // Each of several senders waits for nobody else's.
            protocol.SendOverSocket(room.Sockets[(int)(number % Math.Min(8, room.Sockets.Count))], number);
        }
    }

    /// <summary>Sends the heartbeats that are due, spread over their interval.</summary>
    public void Tick()
    {
        if (protocol.Heartbeat.IsEmpty || _sockets.Count == 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        _heartbeatsDue += Stopwatch.GetElapsedTime(_lastTick, now) / _heartbeatInterval * _sockets.Count;
        _lastTick = now;
        for (; _heartbeatsDue >= 1; _heartbeatsDue--)
        {
            var socket = _sockets[_nextHeartbeat++ % _sockets.Count];
            if (socket.IsReady)
            {
                socket.SendHeartbeat();
            }
        }
    }

    /// <summary>Forgets what the warm-up measured. What has to come stays on the account.</summary>
    public void StartMeasuring()
    {
        Latencies.Clear();
        Deliveries = 0;
        Completed = 0;
    }

    /// <summary>Resets all sockets.</summary>
    public void CloseAll()
    {
        foreach (var socket in _sockets)
        {
            socket.Close();
            socket.Room.Sockets.Clear();
        }

        _sockets.Clear();
    }

    public void OnReady(WebSocketConnection socket)
    {
        _ready++;
        Connects.Record(socket.Age);
    }

    public void OnDelivered(WebSocketConnection socket, long number, long sentAt, bool isNew)
    {
        if (!isNew)
        {
            Duplicates++;
            return;
        }

        Deliveries++;
        Latencies.Record(Stopwatch.GetTimestamp() - sentAt);
        if (socket.Room.OnDelivered(number))
        {
            Completed++;
            OnCompleted?.Invoke();
        }

        OnDelivery?.Invoke(socket);
    }

    private void Open(Room room, ConnectMode mode)
    {
        var socket = new WebSocketConnection(loop, this, protocol, room, mode);
        _sockets.Add(socket);
        room.Sockets.Add(socket);
    }

    private HttpConnection Sender(Room room, int port)
    {
        while (room.IdleSenders.TryPop(out var idle))
        {
            if (!idle.IsClosed)
            {
                return idle;
            }
        }

        return new HttpConnection(loop, port, room, answered => OnAnswered?.Invoke(answered));
    }
}
