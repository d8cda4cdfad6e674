using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>A page while it is put together from segments and the log: consecutive, and bounded by numbers and bytes.</summary>
internal sealed class PageBuilder(ArchivedEvents archive, int mostBytes)
{
    private readonly List<LogEntry> _entries = [];
    private long _end;
    private bool _isTruncated;

    public StreamKey Stream => archive.Stream;

    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>The number that comes next.</summary>
    public long Next { get; private set; }

    public int CountLeft => (int)(_end - Next + 1);

    public int BytesLeft { get; private set; } = mostBytes;

    public bool IsFull => _isTruncated || CountLeft <= 0;

    public void SetRange(long first, long last)
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
            if (await archive.FindAsync(Next, cancellationToken) is not { } entry)
            {
                return false;
            }

            if (Fits(entry))
            {
                // Or a page of one short event would hold the whole segment for as long as its reader takes.
                Add(entry.Detach());
            }
        }

        return true;
    }

    public void AddRange(IEnumerable<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (IsFull || !Fits(entry))
            {
                return;
            }

            Add(entry);
        }
    }

    private bool Fits(LogEntry entry)
    {
        _isTruncated = entry.Raw.Length > BytesLeft && _entries.Count > 0;
        return !_isTruncated;
    }

    private void Add(LogEntry entry)
    {
        BytesLeft -= entry.Raw.Length;
        _entries.Add(entry);
        Next = entry.Seq + 1;
    }
}
