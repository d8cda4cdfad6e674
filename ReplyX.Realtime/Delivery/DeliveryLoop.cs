using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Owns some of the node's dialogs with all their sockets: one thread hears what Redis publishes for them and writes it to them, so that
/// subscribing, joining, handing out, filling holes, leaving and closing come one after the other. What waits (admission, appends, the
/// log) runs elsewhere and comes back as a message to the loop.
/// </summary>
internal sealed class DeliveryLoop : EventLoop
{
    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan _checkInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<StreamKey, DialogChannel> _channels = [];
    private readonly HashSet<SocketConnection> _sockets = [];
    private readonly List<DialogChannel> _toFlush = [];
    private readonly List<SocketConnection> _toLeave = [];
    private readonly List<SocketConnection> _toCut = [];
    private readonly byte[] _receiveBuffer = new byte[BufferBytes];
    private readonly byte[] _scratch = new byte[BufferBytes];
    private TaskCompletionSource? _emptied;
    private bool _mustShed;

    public DeliveryLoop(int index, DeliveryServices services, Action<bool> onFeed)
        : base($"delivery {index}", services.Time, services.Logger)
    {
        Services = services;
        Heartbeat = new HeartbeatProbe(services);
        Feed = new FeedConnections(this, onFeed);
    }

    public DeliveryServices Services { get; }

    /// <summary>Measures the way to clients and back.</summary>
    public HeartbeatProbe Heartbeat { get; }

    /// <summary>Where sockets are read into, one after the other.</summary>
    public Span<byte> ReceiveBuffer => _receiveBuffer;

    /// <summary>Where small frames are put together.</summary>
    public Span<byte> Scratch => _scratch;

    public SendBudget Budget => Services.Budget;

    /// <summary>What it hears of Redis.</summary>
    public FeedConnections Feed { get; }

    /// <summary>Begins to work, and to hear Redis.</summary>
    public void Begin()
    {
        Start();
        Post(() =>
        {
            Feed.Connect();
            Schedule(_checkInterval, Check);
        });
    }

    /// <summary>Puts a socket on its dialog or feed, which is followed from the first socket to the last.</summary>
    public DialogChannel Join(SocketConnection socket)
    {
        var key = socket.Peer.Stream;
        if (_channels.TryGetValue(key, out var channel))
        {
            channel.Add(socket);
            return channel;
        }

        channel = new DialogChannel(key, this);
        _channels.Add(key, channel);
        channel.Add(socket);
        channel.Start();
        return channel;
    }

    /// <summary>The dialogs and feeds that are followed.</summary>
    public IReadOnlyCollection<DialogChannel> Channels => _channels.Values;

    /// <summary>A dialog or feed; null if it is not followed.</summary>
    public DialogChannel? Find(StreamKey stream) => _channels.GetValueOrDefault(stream);

    /// <summary>Has every dialog read its log on: something may have been missed that no hole will show.</summary>
    public void CatchUpAll()
    {
        foreach (var channel in _channels.Values.ToArray())
        {
            channel.CatchUp();
        }
    }

    public void Add(SocketConnection socket) => _sockets.Add(socket);

    public void Remove(SocketConnection socket)
    {
        _sockets.Remove(socket);
        Heartbeat.Forget(socket);
        if (_sockets.Count == 0)
        {
            _emptied?.TrySetResult();
        }
    }

    /// <summary>Completes when no socket is open. For any thread.</summary>
    public async Task WhenEmptyAsync() => await await InvokeAsync(() =>
    {
        _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_sockets.Count == 0)
        {
            _emptied.SetResult();
        }

        return _emptied.Task;
    });

    /// <summary>Tells every socket something.</summary>
    public void SendToAll(OutboundFrame frame)
    {
        foreach (var socket in _sockets)
        {
            socket.Send(frame);
        }
    }

    /// <summary>Cuts what is still open.</summary>
    public void CutAll()
    {
        foreach (var socket in _sockets.ToArray())
        {
            socket.Cut();
        }
    }

    public void Remove(DialogChannel channel)
    {
        if (_channels.TryGetValue(channel.Key, out var current) && current == channel)
        {
            _channels.Remove(channel.Key);
        }
    }

    /// <summary>Hands out a channel's events when all that came with them is read.</summary>
    public void FlushLater(DialogChannel channel)
    {
        if (!channel.IsToBeFlushed)
        {
            channel.IsToBeFlushed = true;
            _toFlush.Add(channel);
        }
    }

    /// <summary>Takes a socket off its dialog when nobody walks through the dialog's sockets.</summary>
    public void LeaveLater(SocketConnection socket) => _toLeave.Add(socket);

    /// <summary>Ends a socket when nobody walks through the dialog's sockets.</summary>
    public void CutLater(SocketConnection socket) => _toCut.Add(socket);

    /// <summary>Makes room in the node's budget when nobody walks through a dialog's sockets.</summary>
    public void ShedLater() => _mustShed = true;

    /// <summary>Hands out what was gathered, as far as it is due.</summary>
    public void Flush()
    {
        // Not by an enumerator: to hand out may close sockets, and that may end channels.
        for (var i = 0; i < _toFlush.Count; i++)
        {
            _toFlush[i].IsToBeFlushed = false;
            _toFlush[i].FlushWhenDue();
        }

        _toFlush.Clear();
    }

    /// <summary>Begins something that waits, and takes its result here.</summary>
    public void Await<T>(Func<Task<T>> work, Action<T> onResult, Action<Exception> onFailure) => _ = AwaitAsync(work, onResult, onFailure);

    /// <summary>Reads a page of a log elsewhere, and takes it here.</summary>
    public void ReadPage(StreamKey stream, Cursor after, int most, Action<LogPage> onPage, Action<Exception> onFailure) => AwaitRead(
        () => Services.Log.ReadAfterAsync(stream, after, most, CancellationToken.None), onPage, onFailure);

    /// <summary>Reads elsewhere how far each side of a dialog has read, and takes it here.</summary>
    public void ReadMarks(StreamKey dialog, Action<ReadMarks> onMarks, Action<Exception> onFailure) => AwaitRead(
        () => Services.Log.GetReadMarksAsync(dialog, CancellationToken.None), onMarks, onFailure);

    // After an outage every dialog reads at once: only so many at a time.
    private void AwaitRead<T>(Func<Task<T>> read, Action<T> onResult, Action<Exception> onFailure) => Await(
        async () =>
        {
            await Services.Pages.WaitAsync();
            try
            {
                return await read();
            }
            finally
            {
                Services.Pages.Release();
            }
        },
        onResult,
        onFailure);

    public override void Dispose()
    {
        // Nobody could cut them later, and the HTTP server waits for those that it brought for as long as they are open.
        Post(CutAll);
        Post(Feed.Dispose);
        base.Dispose();
    }

    protected override void OnTurnEnd()
    {
        Flush();
        if (_mustShed)
        {
            _mustShed = false;
            Shed();
        }

        for (var i = 0; i < _toLeave.Count; i++)
        {
            _toLeave[i].Leave();
        }

        _toLeave.Clear();
        for (var i = 0; i < _toCut.Count; i++)
        {
            _toCut[i].Cut();
        }

        _toCut.Clear();
        Feed.Flush();
    }

    private async Task AwaitAsync<T>(Func<Task<T>> work, Action<T> onResult, Action<Exception> onFailure)
    {
        T result;
        try
        {
            result = await work();
        }
        catch (Exception exception)
        {
            Post(() => onFailure(exception));
            return;
        }

        Post(() => onResult(result));
    }

    private void Check()
    {
        Schedule(_checkInterval, Check);
        var now = Services.Time.GetTimestamp();
        var utcNow = Services.Time.GetUtcNow();
        var asked = Heartbeat.Choose(_sockets.Count, now);
        foreach (var socket in _sockets)
        {
            socket.Check(now, utcNow);
            if (asked-- == 0)
            {
                Heartbeat.Ask(socket);
            }
        }

        Feed.Check();
        if (!Budget.HasRoom)
        {
            Shed();
        }
    }

    // Those that have taken nothing for longest go first, or whoever stalls would be paid for by those that are slow for a moment.
    private void Shed()
    {
        foreach (var socket in _sockets.Where(socket => socket.StalledSince is not null).OrderBy(socket => socket.StalledSince).ToArray())
        {
            if (Budget.IsRelaxed)
            {
                return;
            }

            socket.CloseSlow();
        }
    }
}
