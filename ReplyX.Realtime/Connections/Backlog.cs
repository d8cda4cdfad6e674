using System.Buffers;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <summary>
/// What waits for a socket that did not take a send whole; there is none for a socket that keeps up. It holds references to shared
/// frames, and its length counts against the node's budget.
/// </summary>
internal sealed class Backlog(SendBudget budget, long begunAt)
{
    // Small frames leave together, in one send of at most this.
    private const int CoalescedBytes = 16 * 1024;

    private readonly Queue<Entry> _entries = new();
    private int _sentOfFirst;

    /// <summary>How many bytes wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>How many frames wait.</summary>
    public int Frames { get; private set; }

    /// <summary>When it began.</summary>
    public long BegunAt { get; } = begunAt;

    /// <summary>When it last shrank, or began.</summary>
    public long MovedAt { get; private set; } = begunAt;

    /// <summary>Adds what is to be sent next.</summary>
    /// <param name="bytes">Whole frames.</param>
    /// <param name="frames">How many.</param>
    /// <param name="events">How many of them are events.</param>
    /// <param name="sent">How much of it was sent, if it is the first.</param>
    /// <param name="pooled">The array that it stands in, if that is to go back to the shared pool.</param>
    public void Add(ReadOnlyMemory<byte> bytes, int frames, int events, int sent = 0, byte[]? pooled = null)
    {
        _entries.Enqueue(new Entry(bytes, frames, events, pooled));
        _sentOfFirst += sent;
        Bytes += bytes.Length - sent;
        Frames += frames;
        budget.Take(bytes.Length - sent);
    }

    /// <summary>Sends what the connection takes.</summary>
    /// <param name="transport">The connection.</param>
    /// <param name="scratch">Memory to put small frames together in.</param>
    /// <param name="now">The time, as <see cref="MovedAt"/> has it.</param>
    /// <param name="events">How many events have left whole.</param>
    /// <returns>False if the connection is gone.</returns>
    public bool TrySend(ByteTransport transport, Span<byte> scratch, long now, out int events)
    {
        events = 0;
        while (_entries.TryPeek(out var first))
        {
            var span = first.Bytes.Span[_sentOfFirst..];
            if (_entries.Count > 1 && span.Length < CoalescedBytes)
            {
                span = Coalesce(scratch[..Math.Min(scratch.Length, CoalescedBytes)]);
            }

            var sent = transport.Send(span);
            if (sent < 0)
            {
                return false;
            }

            if (sent > 0)
            {
                MovedAt = now;
                events += Forget(sent);
            }

            if (sent < span.Length)
            {
                break;
            }
        }

        return true;
    }

    /// <summary>Drops all but the rest of a frame whose beginning was sent: what follows must begin at a frame.</summary>
    public void Drop()
    {
        if (_sentOfFirst == 0 || !_entries.TryPeek(out var begun))
        {
            Clear();
            return;
        }

        // Of the entry that was begun no more than the frame that was.
        var rest = FrameHeader.RestOfFrame(begun.Bytes.Span, _sentOfFirst).ToArray();
        Clear();
        if (rest.Length > 0)
        {
            Add(rest, 1, 0);
        }
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        while (_entries.TryDequeue(out var entry))
        {
            Return(entry);
        }

        budget.Give(Bytes);
        Bytes = Frames = 0;
        _sentOfFirst = 0;
    }

    // Takes off what was sent. How many events have left whole.
    private int Forget(int sent)
    {
        budget.Give(sent);
        Bytes -= sent;
        var events = 0;
        _sentOfFirst += sent;
        while (_entries.TryPeek(out var first) && first.Bytes.Length <= _sentOfFirst)
        {
            _sentOfFirst -= first.Bytes.Length;
            Frames -= first.Frames;
            events += first.Events;
            Return(_entries.Dequeue());
        }

        return events;
    }

    private static void Return(in Entry entry)
    {
        if (entry.Pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(entry.Pooled);
        }
    }

    private Span<byte> Coalesce(Span<byte> scratch)
    {
        var length = 0;
        var skip = _sentOfFirst;
        foreach (var entry in _entries)
        {
            var span = entry.Bytes.Span[skip..];
            skip = 0;
            if (span.Length > scratch.Length - length)
            {
                break;
            }

            span.CopyTo(scratch[length..]);
            length += span.Length;
        }

        return scratch[..length];
    }

    private readonly record struct Entry(ReadOnlyMemory<byte> Bytes, int Frames, int Events, byte[]? Pooled);
}
