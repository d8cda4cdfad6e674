using System.Globalization;

namespace ReplyX.Client.Tests.Server;

/// <summary>A dialog's log as the real server keeps it, in memory, with the accidents that befall a log; and its history.</summary>
internal sealed class DialogLog : IDialogHistory
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];
    private readonly Random _random = new(20260101);
    private long _logFrom = 1;
    private long _keysForgotten;
    private TaskCompletionSource _grown = New();

    /// <summary>How often the history was read.</summary>
    public int HistoryReads { get; private set; }

    /// <summary>The most events on a page, whatever was asked for: as if the bytes of a page were all taken then.</summary>
    public int MostOnPage { get; set; } = int.MaxValue;

    /// <summary>Answers to give instead of the history, first in first out.</summary>
    public Queue<ApiProblem> HistoryProblems { get; } = new();

    public string Head
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count == 0 ? "0-0" : _entries[^1].Cursor;
            }
        }
    }

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public Task Grown
    {
        get
        {
            lock (_lock)
            {
                return _grown.Task;
            }
        }
    }

    public LogEntry Append(string text, string? clientId = null)
    {
        lock (_lock)
        {
            if (clientId is not null && _entries.FirstOrDefault(e => e.ClientId == clientId && e.Seq > _keysForgotten) is { } known)
            {
                return known;
            }

            var seq = _entries.Count == 0 ? 1 : _entries[^1].Seq + 1;
            var entry = new LogEntry(seq, _random.Next().ToString("x8", CultureInfo.InvariantCulture), text, clientId);
            _entries.Add(entry);
            var grown = _grown;
            _grown = New();
            grown.SetResult();
            return entry;
        }
    }

    public void Append(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Append($"text {i}");
        }
    }

    /// <summary>The log forgets what lies below a number; the history keeps it.</summary>
    public void Trim(long from)
    {
        lock (_lock)
        {
            _logFrom = from;
        }
    }

    /// <summary>The keys of all there is expire: sent again, a message is a new one.</summary>
    public void ExpireKeys()
    {
        lock (_lock)
        {
            _keysForgotten = _entries.Count == 0 ? 0 : _entries[^1].Seq;
        }
    }

    /// <summary>Log and history forget what lies below a number.</summary>
    public void Expire(long from)
    {
        lock (_lock)
        {
            _entries.RemoveAll(e => e.Seq < from);
            _logFrom = from;
        }
    }

    /// <summary>The log loses what lies above a number, as after a crash without a sync.</summary>
    public void RollBack(long to)
    {
        lock (_lock)
        {
            _entries.RemoveAll(e => e.Seq > to);
        }
    }

    /// <summary>What follows a cursor; null when the log does not hold it.</summary>
    public IReadOnlyList<LogEntry>? After(string? cursor)
    {
        lock (_lock)
        {
            if (cursor is null)
            {
                return null;
            }

            if (cursor == "0-0")
            {
                return _logFrom == 1 ? [.. _entries] : null;
            }

            var at = _entries.FindIndex(e => e.Cursor == cursor && e.Seq >= _logFrom);
            return at < 0 ? null : [.. _entries.Skip(at + 1)];
        }
    }

    public IReadOnlyList<LogEntry> Above(long seq)
    {
        lock (_lock)
        {
            return [.. _entries.Where(e => e.Seq > seq)];
        }
    }

    /// <summary>As the Api does it: a place that is not held is answered with the latest events and <c>reset</c>.</summary>
    public Task<ApiResult<HistoryPage>> ReadAfterAsync(long seq, int limit, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        limit = Math.Min(limit, MostOnPage);
        var reset = seq > (_entries.Count == 0 ? 0 : _entries[^1].Seq) || (_entries.Count > 0 && seq + 1 < _entries[0].Seq);
        var wanted = _entries.Where(e => e.Seq > seq).ToList();
        return reset ? Page(_entries.TakeLast(limit), _entries.Count > limit, reset) : Page(wanted.Take(limit), wanted.Count > limit);
    });

    public Task<ApiResult<HistoryPage>> ReadBeforeAsync(long seq, int limit, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        limit = Math.Min(limit, MostOnPage);
        var wanted = _entries.Where(e => e.Seq < seq).ToList();
        return Page(wanted.TakeLast(limit), wanted.Count > limit);
    });

    private Task<ApiResult<HistoryPage>> AnswerAsync(Func<HistoryPage> read)
    {
        lock (_lock)
        {
            HistoryReads++;
            return Task.FromResult(HistoryProblems.TryDequeue(out var problem)
                ? new ApiResult<HistoryPage> { Problem = problem, Status = problem.Status }
                : new ApiResult<HistoryPage> { Value = read(), Status = 200 });
        }
    }

    private static HistoryPage Page(IEnumerable<LogEntry> entries, bool hasMore, bool reset = false)
    {
        var items = entries.Select(e => (ReplyXEvent)new MessageEvent { Cursor = EventCursor.Parse(e.Cursor), Sender = "user", Text = e.Text, ClientId = e.ClientId }).ToList();
        return new HistoryPage(items, items.Count > 0 ? items[^1].Cursor : null, hasMore, reset);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
