using System.Buffers;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Consecutive events of one stream, framed one behind the other, to be sent at once. One event stays where it was received, its
/// frame's header written over the line before it; further ones are gathered behind it in memory of their own.
/// </summary>
internal struct EventBatch
{
    private Memory<byte> _single;
    private byte[]? _gathered;
    private int _length;

    /// <summary>How many events there are.</summary>
    public int Count { get; private set; }

    /// <summary>The first one's number; 0 if it is not stored.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>The last one's number; 0 if it is not stored.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Whether a socket that does not keep up may miss them. Such an event is a batch of its own.</summary>
    public bool IsDroppable { get; private set; }

    /// <summary>When the first one was appended, in Unix milliseconds.</summary>
    public long AppendedAtUnixMilliseconds { get; private set; }

    /// <summary>When the first one was heard, as a timestamp of the node's clock.</summary>
    public long HeardAt { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _gathered is null ? _single.Span : _gathered.AsSpan(0, _length);

    /// <summary>Adds the next event.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="raw">The memory that it stands in, which is written to.</param>
    /// <param name="heardAt">When it was heard.</param>
    public void Add(in LogEntry entry, Memory<byte> raw, long heardAt)
    {
        // The frame's header is written over the line that says so.
        var isDroppable = entry.IsDroppable;
        var frame = Frame(entry, raw);
        if (Count == 0)
        {
            _single = frame;
            _length = frame.Length;
            FirstSeq = entry.Seq;
            IsDroppable = isDroppable;
            HeardAt = heardAt;
            AppendedAtUnixMilliseconds = entry.AppendedAtUnixMilliseconds;
        }
        else
        {
            Reserve(_length + frame.Length);
            frame.Span.CopyTo(_gathered.AsSpan(_length));
            _length += frame.Length;
        }

        LastSeq = entry.Seq;
        Count++;
    }

    /// <summary>Takes memory of its own: what its events were received in is about to be used again.</summary>
    public void Detach()
    {
        if (_gathered is null)
        {
            Reserve(_length);
        }
    }

    /// <summary>Where the event of a number begins.</summary>
    public readonly int OffsetOf(long seq) => FrameHeader.OffsetOf(Bytes, (int)(seq - FirstSeq));

    /// <summary>Gives its memory back.</summary>
    public void Clear()
    {
        if (_gathered is not null)
        {
            ArrayPool<byte>.Shared.Return(_gathered);
        }

        this = default;
    }

    // The line before the payload has 16 bytes at least, a header 10 at most.
    private static Memory<byte> Frame(in LogEntry entry, Memory<byte> raw)
    {
        var payload = entry.Payload.Length;
        var header = FrameHeader.UnmaskedLength(payload);
        var frame = raw[(raw.Length - payload - header)..];
        FrameHeader.WriteUnmasked(frame.Span, Opcode.Text, payload);
        return frame;
    }

    private void Reserve(int length)
    {
        if (_gathered is null)
        {
            _gathered = ArrayPool<byte>.Shared.Rent(Math.Max(length, 4_096));
            _single.Span.CopyTo(_gathered);
        }
        else if (_gathered.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _gathered.Length));
            _gathered.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_gathered);
            _gathered = larger;
        }
    }
}
