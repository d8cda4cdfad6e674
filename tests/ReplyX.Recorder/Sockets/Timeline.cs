using System.Collections.Concurrent;
using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>What happened to a socket, in order. One thread writes; others may ask where it is.</summary>
internal sealed class Timeline(TimeProvider time)
{
    // A text comes to every socket of its dialog: it is held once.
    private static readonly ConcurrentDictionary<string, string> _contents = new();

    private readonly DateTimeOffset _begunAt = time.GetUtcNow();
    private readonly List<Entry> _entries = [];
    private long _lastSeq = -1;
    private volatile Entry? _greeting;
    private volatile bool _isUp;

    /// <summary>All of it; once the socket was stopped.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>How long after they were made events came that were made since it began, in milliseconds.</summary>
    public List<float> Latencies { get; } = [];

    /// <summary>The number of the last event, or where it began; -1 before the first greeting.</summary>
    public long LastSeq => Interlocked.Read(ref _lastSeq);

    /// <summary>The node that holds it; null while none does.</summary>
    public string? Node => _isUp ? _greeting?.Node : null;

    public void Connected(EventCursor position, bool recovered, string? node)
    {
        var greeting = new Entry { Kind = EntryKind.Connected, At = time.GetTimestamp(), Cursor = position, Recovered = recovered, Node = node };
        _entries.Add(greeting);
        if (_greeting is null)
        {
            Interlocked.Exchange(ref _lastSeq, position.Seq);
        }

        _greeting = greeting;
        _isUp = true;
    }

    public void Event(ReceivedEvent received, DateTimeOffset? madeAt, bool fromHistory)
    {
        _entries.Add(new Entry
        {
            Kind = fromHistory ? EntryKind.Reloaded : EntryKind.Event,
            At = time.GetTimestamp(),
            Cursor = received.Position,
            Received = received.Content is { } content ? received with { Content = _contents.GetOrAdd(content, content) } : received,
        });
        Interlocked.Exchange(ref _lastSeq, received.Position.Seq);
        if (madeAt >= _begunAt && !fromHistory)
        {
            Latencies.Add((float)(time.GetUtcNow() - madeAt.Value).TotalMilliseconds);
        }
    }

    public void Gap(long upTo, string why)
    {
        _entries.Add(new Entry { Kind = EntryKind.Gap, At = time.GetTimestamp(), Cursor = new EventCursor(upTo, "0"), Reason = why });
        Interlocked.Exchange(ref _lastSeq, upTo);
    }

    public void Lost(int? closeCode, int? httpStatus, string why)
    {
        _isUp = false;
        _entries.Add(new Entry { Kind = EntryKind.Lost, At = time.GetTimestamp(), CloseCode = closeCode, HttpStatus = httpStatus, Reason = why });
    }
}
