using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// The dialogs whose logs have outgrown their window, each once. It is bounded and may forget: a dialog that goes on is hinted at
/// again, and one that does not costs only the memory of what is too much.
/// </summary>
internal sealed class ArchiveQueue(IOptions<ArchiveOptions> options, ArchiveMetrics metrics)
{
    private const int Capacity = 4_096;

    // A hint for every append would have the same few events looked at again and again.
    private const int HintsPerSegment = 4;

    private readonly Channel<StreamKey> _dialogs = Channel.CreateBounded<StreamKey>(Capacity);
    private readonly ConcurrentDictionary<StreamKey, bool> _queued = new();
    private readonly int _full = options.Value.WindowEvents + options.Value.SegmentEvents;
    private readonly int _step = Math.Max(1, options.Value.SegmentEvents / HintsPerSegment);

    /// <summary>Takes note of how long a dialog's log is. Costs next to nothing and never waits.</summary>
    public void Hint(StreamKey dialog, long length)
    {
        if (length < _full || (length - _full) % _step != 0 || !_queued.TryAdd(dialog, true))
        {
            return;
        }

        if (!_dialogs.Writer.TryWrite(dialog))
        {
            _queued.TryRemove(dialog, out _);
            metrics.HintDropped();
        }
    }

    /// <summary>The next dialog. What is hinted at from then on is another turn.</summary>
    public async ValueTask<StreamKey> TakeAsync(CancellationToken cancellationToken)
    {
        var dialog = await _dialogs.Reader.ReadAsync(cancellationToken);
        _queued.TryRemove(dialog, out _);
        return dialog;
    }
}
