using System.Diagnostics;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// One dialog or feed as this node follows it while a socket is on it: events leave strictly by their numbers, a hole is filled from
/// the log before anything after it leaves, and what was handed out does not leave again. It belongs to one
/// <see cref="DeliveryLoop"/>, on whose thread all of it runs.
/// </summary>
internal sealed partial class DialogChannel(StreamKey key, DeliveryLoop loop) : IFeedListener
{
    private const int PageSize = 256;
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(250);

    private readonly List<SocketConnection> _members = [];
    private ChannelState _state;
    private IDisposable? _startTimeout;
    private EventBatch _batch;
    private List<Activity>? _spans;
    private Cursor _head;
    private long _published;
    private int _attempt;
    private long _movedAt;
    private bool _isReading;
    private bool _mustReadAgain;
    private HandOutPacing _pacing;
    private LoopTimer? _waitTimer;
    private bool _isWaiting;

    public StreamKey Key => key;

    /// <summary>Whether it is among those that the loop hands out next.</summary>
    public bool IsToBeFlushed { get; set; }

    /// <summary>The last event that was handed out.</summary>
    public Cursor Head => _head;

    /// <summary>By what a lost publish that nothing follows is found; null if only by a look at the log itself.</summary>
    public FeedCoverage? Coverage { get; set; }

    /// <summary>How far each side has read, as far as was heard; of a feed nothing.</summary>
    public ReadMarks Read { get; private set; }

    private bool IsReady => _state is ChannelState.Live or ChannelState.CatchingUp;

    /// <summary>
    /// Subscribes, and only then reads where the log stands: what is appended between the two is heard, and what was appended before
    /// the first is in the log.
    /// </summary>
    public void Start()
    {
        _startTimeout = loop.Schedule(DeliveryServices.StartTimeout, Fail);
        loop.Feed.Subscribe(Backplane.ChannelOf(key), this);
    }

    /// <summary>Puts a socket on the dialog. It is told when the channel can serve it, or that it cannot.</summary>
    public void Add(SocketConnection member)
    {
        _members.Add(member);
        if (IsReady)
        {
            member.OnChannelReady();
        }
    }

    /// <summary>Takes a socket off the dialog; with the last one the channel ends.</summary>
    public void Remove(SocketConnection member)
    {
        if (_members.Remove(member) && _members.Count == 0)
        {
            Close();
        }
    }

    void IFeedListener.OnSubscribed()
    {
        if (_state != ChannelState.Starting)
        {
            CatchUp();
            ReadMarksAnew();
            return;
        }

        // A head that was read before the feed was lost says nothing of what was published since.
        var attempt = ++_attempt;
        loop.Await(
            async () =>
            {
                var read = GetReadMarksAsync();
                return (Head: await loop.Services.Log.GetHeadAsync(key, CancellationToken.None), Read: await read);
            },
            found => OnHead(attempt, found.Head, found.Read),
            exception => OnHeadFailed(attempt, exception));
    }

    // Until the log was read on nothing may leave: were Redis back with an older log, the next number alone would not tell.
    void IFeedListener.OnLost()
    {
        _attempt++;
        if (_state == ChannelState.Live)
        {
            Flush();
            _state = ChannelState.CatchingUp;
        }
    }

    void IFeedListener.OnPublished(Memory<byte> message)
    {
        if (!LogEntry.TryParse(message, out var entry))
        {
            return;
        }

        if (entry.TryGetReadMark(out var side, out var seq))
        {
            Read = Read.With(side, seq);
        }

        if (!(IsReady || entry.IsStored))
        {
            return;
        }

        if (!entry.IsStored)
        {
            Flush();
            _batch.Add(entry, message, loop.Services.Time.GetTimestamp());
            HandOut(entry.Origin);
            return;
        }

        _published = Math.Max(_published, entry.Seq);
        if (_state != ChannelState.Live)
        {
            // It is in the log already, where the reading that is under way or due finds it.
            _mustReadAgain = true;
        }
        else if (entry.Seq == _head.Seq + 1)
        {
            Advance(entry, message);
            loop.FlushLater(this);
        }
        else if (entry.Cursor != _head)
        {
            // A later number is a hole. An earlier or equal one with another nonce is a log that was rolled back: the reading tells.
            loop.Services.Metrics.Gap(GapKind.Missed);
            CatchUp();
        }
    }

    /// <summary>Reads the log on from the last event handed out: the feed may have missed something.</summary>
    public void CatchUp()
    {
        if (!IsReady)
        {
            return;
        }

        Flush();
        _state = ChannelState.CatchingUp;
        _mustReadAgain = true;
        if (!_isReading)
        {
            ReadOn();
        }
    }

    /// <summary>
    /// Where the channel stands, if it did not move for a while: for the comparison with the log that finds a lost publish which nothing
    /// follows.
    /// </summary>
    public bool IsQuiet(TimeSpan atLeast, out Cursor head)
    {
        head = _head;
        var time = loop.Services.Time;
        if (_state != ChannelState.Live || time.GetElapsedTime(_movedAt) < atLeast)
        {
            return false;
        }

        _movedAt = time.GetTimestamp();
        return true;
    }

    /// <summary>Its log is looked at again, some time within the interval: the others that relied on the same feed are, too.</summary>
    public void LoseCoverage(TimeSpan interval)
    {
        var time = loop.Services.Time;
        Coverage = null;
        _movedAt = time.GetTimestamp() - (long)(interval.TotalSeconds * Random.Shared.NextDouble() * time.TimestampFrequency);
    }

    /// <summary>Takes the log's word on where it stands; if the channel was quiet since and stands elsewhere, it reads on.</summary>
    public void Compare(Cursor quietAt, Cursor top)
    {
        if (_head == quietAt && top != quietAt)
        {
            loop.Services.Metrics.Gap(GapKind.Quiet);
            CatchUp();
        }
    }

    /// <summary>Whether an event that was stored has not come, which may still be on its way.</summary>
    public bool IsBehind(Cursor stored) =>
        IsReady && (_head.Seq < stored.Seq || (_head.Seq == stored.Seq && _head.Nonce != stored.Nonce));

    /// <summary>Reads on if an event that was stored a while ago has not come.</summary>
    public void Expect(Cursor stored)
    {
        if (!IsBehind(stored))
        {
            return;
        }

        if (_state == ChannelState.Live)
        {
            loop.Services.Metrics.Gap(GapKind.Quiet);
        }

        // A reading that is under way may have begun before the event was stored.
        CatchUp();
    }

    /// <summary>Hands out what was gathered since the loop's last turn, or a little later, with what follows.</summary>
    public void FlushWhenDue()
    {
        var wait = _pacing.WaitFor(_batch.Count);
        if (_batch.Count == 0 || wait == TimeSpan.Zero)
        {
            Flush();
            return;
        }

        _batch.Detach();
        if (!_isWaiting)
        {
            _isWaiting = true;
            loop.Schedule(wait, _waitTimer ??= new LoopTimer(OnWaited));
        }
    }

    /// <summary>Hands out what was gathered.</summary>
    public void Flush()
    {
        if (_batch.Count > 0)
        {
            HandOut(origin: 0);
        }
    }

    private void OnWaited()
    {
        _isWaiting = false;
        Flush();
    }

    private void OnHead(int attempt, Cursor head, ReadMarks read)
    {
        if (_state != ChannelState.Starting || attempt != _attempt)
        {
            return;
        }

        _startTimeout?.Dispose();
        _head = head;
        _movedAt = loop.Services.Time.GetTimestamp();
        _state = ChannelState.Live;
        foreach (var side in ReadMarks.Sides)
        {
            Read = Read.With(side, read.Of(side));
        }

        if (_published > head.Seq)
        {
            CatchUp();
        }

        foreach (var member in _members.ToArray())
        {
            member.OnChannelReady();
        }
    }

    private void OnHeadFailed(int attempt, Exception exception)
    {
        if (attempt != _attempt)
        {
            return;
        }

        if (exception is not MessagingUnavailableException)
        {
            Log.ReadFailed(loop.Services.Logger, exception, key);
        }

        Fail();
    }

    private Task<ReadMarks> GetReadMarksAsync() =>
        key.IsFeed ? Task.FromResult(default(ReadMarks)) : loop.Services.Log.GetReadMarksAsync(key, CancellationToken.None);

    // What was read while the feed was lost was not heard, and is in no log: its sockets are told what moved.
    private void ReadMarksAnew()
    {
        if (IsReady && !key.IsFeed)
        {
            loop.ReadMarks(key, OnReadMarks, OnReadMarksFailed);
        }
    }

    private void OnReadMarks(ReadMarks found)
    {
        foreach (var side in ReadMarks.Sides)
        {
            if (IsReady && found.Of(side) > Read.Of(side))
            {
                ((IFeedListener)this).OnPublished(DialogLog.ReadEntry(key, side, found.Of(side), loop.Services.Time.GetUtcNow()));
            }
        }
    }

    private void OnReadMarksFailed(Exception exception)
    {
        if (exception is MessagingUnavailableException)
        {
            loop.Schedule(_retryDelay * (1 + Random.Shared.NextDouble()), ReadMarksAnew);
        }
        else
        {
            Log.ReadFailed(loop.Services.Logger, exception, key);
        }
    }

    // Nobody was served yet; the next socket begins anew.
    private void Fail()
    {
        if (_state != ChannelState.Starting)
        {
            return;
        }

        var members = _members.ToArray();
        _members.Clear();
        Close();
        foreach (var member in members)
        {
            member.OnChannelFailed();
        }
    }

    private void Close()
    {
        _state = ChannelState.Closed;
        _startTimeout?.Dispose();
        ClearBatch();
        loop.Feed.Unsubscribe(Backplane.ChannelOf(key));
        loop.Remove(this);
    }

    private void ReadOn()
    {
        _isReading = true;
        _mustReadAgain = false;
        loop.ReadPage(key, _head, PageSize, OnPage, OnPageFailed);
    }

    private void OnPage(LogPage page)
    {
        _isReading = false;
        if (_state == ChannelState.Closed)
        {
            return;
        }

        if (!page.Held)
        {
            Log.LogReplaced(loop.Services.Logger, key, _head, page.Head);
            _head = page.Head;
            _published = page.Head.Seq;
            Interrupt();
        }

        foreach (var entry in page.Entries)
        {
            Advance(entry, Framable(entry));
        }

        Flush();
        if (_state == ChannelState.Closed)
        {
            return;
        }

        if (page.HasMore || _mustReadAgain)
        {
            ReadOn();
        }
        else if (loop.Feed.Hears(Backplane.ChannelOf(key)))
        {
            _state = ChannelState.Live;
        }
    }

    private void OnPageFailed(Exception exception)
    {
        _isReading = false;
        if (_state == ChannelState.Closed)
        {
            return;
        }

        if (exception is MessagingUnavailableException)
        {
            loop.Schedule(_retryDelay * (1 + Random.Shared.NextDouble()), CatchUp);
            return;
        }

        // A channel that stands still unseen would be the silent hole that must not be.
        Log.ReadFailed(loop.Services.Logger, exception, key);
        Interrupt();
    }

    // What a page holds may be shared and has no room for a header before it.
    private static byte[] Framable(in LogEntry entry)
    {
        var bytes = new byte[FrameHeader.MaxUnmaskedLength + entry.Payload.Length];
        entry.Payload.Span.CopyTo(bytes.AsSpan(FrameHeader.MaxUnmaskedLength));
        return bytes;
    }

    // Its sockets reconnect; with the last of them it ends.
    private void Interrupt()
    {
        loop.Services.Metrics.Gap(GapKind.Replaced);
        foreach (var member in _members.ToArray())
        {
            member.Interrupt();
        }
    }

    // Only a stored event says where the log stands. Were typing taken for life, a lost publish would stay unseen as long as somebody
    // types.
    private void Advance(in LogEntry entry, Memory<byte> raw)
    {
        _head = entry.Cursor;
        _movedAt = loop.Services.Time.GetTimestamp();

        // It ends with the hand-out of the whole batch. To hand such an event out alone would take a busy dialog's batches apart: with a
        // tenth of the events recorded, a delivery then cost twice the time.
        if (RealtimeTracing.StartHandOut(entry, _members.Count) is { } span)
        {
            (_spans ??= []).Add(span);
        }

        _batch.Add(entry, raw, _movedAt);
    }

    private void HandOut(ulong origin)
    {
        var startedAt = loop.Services.Time.GetTimestamp();

        // Made once, by the first socket that cannot take all of it.
        ReadOnlyMemory<byte> shared = default;
        var sent = default(SentEvents);
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            var member = _members[i];
            if (origin == 0 || member.Id != origin)
            {
                member.Deliver(_batch, ref shared, ref sent);
            }
        }

        _pacing.OnHandedOut(_batch.Count, loop.Services.Time.GetElapsedTime(startedAt));
        loop.Services.Metrics.HandedOut(
            sent, _members.Count, _batch.Count, loop.Services.Time.GetElapsedTime(_batch.HeardAt), Latency());
        ClearBatch();
    }

    private void ClearBatch()
    {
        _batch.Clear();
        _spans?.ForEach(span => span.Dispose());
        _spans?.Clear();
    }

    // Of the batch's first event, which has waited longest; null for what is not stored.
    private TimeSpan? Latency() => _batch.FirstSeq == 0
        ? null
        : loop.Services.Time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(_batch.AppendedAtUnixMilliseconds);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The log of {Stream} no longer holds {Expected} and now ends at {Head}; its sockets reload")]
        public static partial void LogReplaced(ILogger logger, StreamKey stream, Cursor expected, Cursor head);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Reading the log of {Stream} failed; its sockets reconnect")]
        public static partial void ReadFailed(ILogger logger, Exception exception, StreamKey stream);
    }
}
