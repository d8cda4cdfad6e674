using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Streams;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <summary>
/// One open socket: a reader, a writer, and between them and the rest of the node a bounded queue. The writer is the last guard
/// of the order: an event that it has written it does not write again, and it closes rather than step over one.
/// </summary>
internal sealed partial class Connection : IStreamListener, IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly RealtimeOptions _options;
    private readonly RealtimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly OutboundQueue _queue;
    private readonly FrameReader _reader;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenRegistration _abort;
    private TokenBucket _rate;
    private long _lastHeard;
    private long _written;
    private int _closeCode;

    public Connection(
        Peer peer, Stream stream, Action abort, RealtimeOptions options, LimitOptions limits, RealtimeMetrics metrics, TimeProvider time)
    {
        Peer = peer;
        Id = BinaryId();
        _stream = stream;
        _options = options;
        _metrics = metrics;
        _time = time;
        _queue = new OutboundQueue(options.MaxQueuedFrames, options.MaxQueuedBytes);
        _reader = new FrameReader(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)), options.MaxMessageBytes);
        _cut = new CancellationTokenSource();
        _abort = _cut.Token.Register(() =>
        {
            _queue.Abandon();
            abort();
        });
        _lastHeard = time.GetTimestamp();
        _rate = new TokenBucket(limits.FramesPerSecond, limits.FrameBurst);
    }

    public ulong Id { get; }

    public string IdText => Id.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Who is connected. A refreshed token replaces it by one that differs in its expiry alone.</summary>
    public Peer Peer { get; set; }

    /// <summary>The code it is or was closed with; 0 while it is open.</summary>
    public int CloseCode => Volatile.Read(ref _closeCode);

    public bool IsClosing => CloseCode != 0;

    /// <summary>How long nothing came in.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>Whether the coming end of its token was announced; belongs to the sweep.</summary>
    public bool ExpiryAnnounced { get; set; }

    /// <summary>Puts a frame in the queue. A peer that has let it fill up is closed with 4010, and reads on from the log.</summary>
    public void Send(OutboundFrame frame)
    {
        if (_queue.TryAdd(frame) == EnqueueResult.Overflow)
        {
            _metrics.SlowConsumer(Peer.Route.Type);
            Close(WebSockets.CloseCode.SlowConsumer, "Read too slowly; resume from your cursor.", drop: true);
        }
    }

    void IStreamListener.Hear(OutboundFrame frame) => Send(frame);

    void IStreamListener.Interrupt() => Close(WebSockets.CloseCode.ServiceRestart, "The log was replaced; reconnect.");

    /// <summary>Says goodbye. The connection is cut if the peer does not answer in time.</summary>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, for the developer who reads it.</param>
    /// <param name="drop">Whether what is queued is dropped, so that the goodbye leaves at once.</param>
    public void Close(CloseCode code, string reason, bool drop = false)
    {
        if (_queue.Finish(OutboundFrame.Close(code, reason), drop))
        {
            Volatile.Write(ref _closeCode, (int)code);
            CutAfter(_options.CloseTimeout);
        }
    }

    /// <summary>Cuts the connection without a goodbye.</summary>
    public void Cut()
    {
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile: there is nothing left to cut.
        }
    }

    /// <summary>Serves the socket until it ends.</summary>
    /// <param name="replay">Writes what comes before the live stream.</param>
    /// <param name="receive">Takes each message.</param>
    public async Task RunAsync(
        Func<Connection, CancellationToken, Task> replay, Func<Connection, ReadOnlyMemory<byte>, CancellationToken, Task> receive)
    {
        var writing = WriteAsync(replay);
        var reading = ReadAsync(receive);
        await Task.WhenAny(writing, reading);

        // Whichever ended, the other has as long as a close may take.
        CutAfter(_options.CloseTimeout);
        await Task.WhenAll(writing, reading);
    }

    /// <summary>Writes frames that precede the live stream. Only the replay that the writer runs may call it.</summary>
    public Task WriteReplayAsync(List<OutboundFrame> frames, CancellationToken cancellationToken) =>
        WriteBatchAsync(frames, live: false, cancellationToken);

    /// <summary>Says where the live stream starts, for a socket that has replayed nothing.</summary>
    public void StartAfter(long seq) => _written = seq;

    public async ValueTask DisposeAsync()
    {
        await _abort.DisposeAsync();
        _reader.Dispose();
        _cut.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task ReadAsync(Func<Connection, ReadOnlyMemory<byte>, CancellationToken, Task> receive)
    {
        while (true)
        {
            var message = await _reader.ReadAsync(_cut.Token);
            Volatile.Write(ref _lastHeard, _time.GetTimestamp());
            switch (message.Kind)
            {
                case InboundKind.Text or InboundKind.Ping or InboundKind.Pong when !IsClosing && !_rate.TryTake(_time):
                    _metrics.Refused(ConnectionError.FrameRate);
                    Close(WebSockets.CloseCode.RateLimited, "Too many messages; slow down.", drop: true);
                    break;
                case InboundKind.Text when !IsClosing:
                    if (!await TryReceiveAsync(receive, message.Payload))
                    {
                        return;
                    }

                    break;
                case InboundKind.Ping:
                    Send(OutboundFrame.Pong(message.Payload.Span));
                    break;
                case InboundKind.Close:
                    Close(WebSockets.CloseCode.Normal, "", drop: true);
                    return;
                case InboundKind.End:
                    Volatile.Write(ref _closeCode, CloseCode == 0 ? AbnormalClosure : CloseCode);
                    Cut();
                    return;
                case InboundKind.Violation:
                    Close(message.Violation, "", drop: true);
                    _metrics.Refused(message.Violation == WebSockets.CloseCode.MessageTooBig ? ConnectionError.MessageSize : ConnectionError.Protocol);

                    // Bytes left unread would turn the end into a reset, and the reset overtakes the goodbye.
                    await _reader.DrainAsync(_cut.Token);
                    return;
            }
        }
    }

    // False if the connection was cut meanwhile. What else goes wrong ends the connection at once, and is for the caller to log.
    private async Task<bool> TryReceiveAsync(
        Func<Connection, ReadOnlyMemory<byte>, CancellationToken, Task> receive, ReadOnlyMemory<byte> payload)
    {
        try
        {
            await receive(this, payload, _cut.Token);
            return true;
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _closeCode, AbnormalClosure, 0);
            return false;
        }
        catch
        {
            Interlocked.CompareExchange(ref _closeCode, AbnormalClosure, 0);
            Cut();
            throw;
        }
    }

    // RFC 6455 section 7.1.5: never sent, only counted.
    private const int AbnormalClosure = 1006;

    private void CutAfter(TimeSpan delay)
    {
        try
        {
            _cut.CancelAfter(delay);
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile: there is nothing left to cut.
        }
    }

    private static ulong BinaryId()
    {
        ulong id;
        do
        {
            id = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }
        while (id == 0);
        return id;
    }
}
