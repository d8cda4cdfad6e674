using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// The dialogs whose logs have outgrown their window, each once. It is bounded and may forget: a dialog that goes on is hinted at
/// again, and one that does not costs only the memory of what is too much.
/// </summary>
internal sealed class ArchiveQueue
{
    private const int Capacity = 4_096;

    // A hint for every append would have the same few events looked at again and again.
    private const int HintsPerSegment = 4;

    private readonly Channel<(StreamKey Dialog, long At)> _dialogs = Channel.CreateBounded<(StreamKey, long)>(Capacity);
    private readonly ConcurrentDictionary<StreamKey, bool> _queued = new();
    private readonly int _full;
    private readonly int _step;
    private readonly ArchiveMetrics _metrics;
    private readonly TimeProvider _time;

    // When the dialog that is archived now was queued; 0 if none is.
    private long _takenFrom;

    public ArchiveQueue(IOptions<ArchiveOptions> options, ArchiveMetrics metrics, TimeProvider time)
    {
        _full = options.Value.WindowEvents + options.Value.SegmentEvents;
        _step = Math.Max(1, options.Value.SegmentEvents / HintsPerSegment);
        _metrics = metrics;
        _time = time;
        metrics.Watch(() => _dialogs.Reader.Count, GetAge);
    }

    /// <summary>Takes note of how long a dialog's log is. Costs next to nothing and never waits.</summary>
    public void Hint(StreamKey dialog, long length)
    {
        if (length < _full || (length - _full) % _step != 0 || !_queued.TryAdd(dialog, true))
        {
            return;
        }

        if (!_dialogs.Writer.TryWrite((dialog, _time.GetTimestamp())))
        {
            _queued.TryRemove(dialog, out _);
            _metrics.HintDropped();
        }
    }

    /// <summary>The next dialog; the one before is done. What is hinted at from then on is another turn.</summary>
    public async ValueTask<StreamKey> TakeAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _takenFrom, 0);
        var (dialog, at) = await _dialogs.Reader.ReadAsync(cancellationToken);
        Volatile.Write(ref _takenFrom, at);
        _queued.TryRemove(dialog, out _);
        return dialog;
    }

    private TimeSpan GetAge() => Volatile.Read(ref _takenFrom) is var taken && taken != 0 ? _time.GetElapsedTime(taken)
        : _dialogs.Reader.TryPeek(out var next) ? _time.GetElapsedTime(next.At)
        : TimeSpan.Zero;
}
