using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>A page while it is put together from segments and the log: consecutive, and bounded by numbers and bytes.</summary>
internal sealed class PageBuilder(StreamKey stream, IDialogArchive archive, int mostBytes)
{
    private readonly List<LogEntry> _entries = [];
    private IReadOnlyList<LogEntry> _segment = [];
    private long _end;
    private bool _cut;

    public StreamKey Stream => stream;

    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>The number that comes next.</summary>
    public long Next { get; private set; }

    public int CountLeft => (int)(_end - Next + 1);

    public int BytesLeft { get; private set; } = mostBytes;

    public bool IsFull => _cut || CountLeft <= 0;

    public void Want(long first, long last)
    {
        Next = first;
        _end = last;
    }

    /// <summary>Leaves out what is no longer to be had.</summary>
    public void SkipTo(long seq) => Next = seq;

    /// <summary>Adds what follows of the archive, up to where the log begins.</summary>
    /// <returns>Whether the archive had all that was wanted of it.</returns>
    public async Task<bool> AddArchivedAsync(long logFirst, CancellationToken cancellationToken)
    {
        while (Next < logFirst && !IsFull)
        {
            if (await FindAsync(Next, cancellationToken) is null)
            {
                return false;
            }

            AddRange(_segment.SkipWhile(entry => entry.Seq < Next).TakeWhile(entry => entry.Seq < logFirst));
        }

        return true;
    }

    /// <summary>An archived event, null if no segment has it.</summary>
    public async Task<LogEntry?> FindAsync(long seq, CancellationToken cancellationToken)
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

    public void AddRange(IEnumerable<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (IsFull)
            {
                return;
            }

            BytesLeft -= entry.Raw.Length;
            if (BytesLeft < 0 && _entries.Count > 0)
            {
                _cut = true;
                return;
            }

            _entries.Add(entry);
            Next = entry.Seq + 1;
        }
    }
}
