using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>A stream's archived events by their numbers. The segment that was opened last is kept, since neighbours follow.</summary>
internal sealed class ArchivedEvents(StreamKey stream, IDialogArchive archive)
{
    private IReadOnlyList<LogEntry> _segment = [];

    public StreamKey Stream => stream;

    /// <summary>An archived event, null if no segment has it.</summary>
    public async ValueTask<LogEntry?> FindAsync(long seq, CancellationToken cancellationToken)
    {
        if (_segment is not [var first, .., var last] || seq < first.Seq || seq > last.Seq)
        {
            if (await archive.FindAsync(stream, seq, cancellationToken) is not { } data)
            {
                return null;
            }

            _segment = SegmentFormat.Open(stream, data);
            if (_segment.Count == 0 || _segment[0].Seq > seq)
            {
                _segment = [];
                return null;
            }
        }

        return _segment[(int)(seq - _segment[0].Seq)];
    }
}
