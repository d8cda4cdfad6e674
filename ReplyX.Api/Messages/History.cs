using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Messages;

/// <summary>Reads a dialog's events in pages.</summary>
internal sealed class History(DialogLog log)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const long MaxSeq = (1L << 53) - 1;

    public async Task<Results<HistoryPage, Problem>> ReadAsync(StreamKey dialog, HistoryQuery query, CancellationToken cancellationToken)
    {
        if (!QueryNumber.TryParse(query.Limit, DefaultLimit, 1, MaxLimit, out var most))
        {
            return Problem.Parameter("limit", $"A number from 1 to {MaxLimit}.");
        }

        var limit = (int)most;
        switch (query)
        {
            case { After: not null, Before: not null }:
                return Problem.Parameter("before", "Not together with after.");

            case { After: { } after } when QueryNumber.TryParse(after, 0, 0, MaxSeq, out var seq):
                return await AfterAsync(dialog, seq, limit, cancellationToken);

            case { After: { } after } when Cursor.TryParse(after, out var cursor):
                return await AfterAsync(dialog, cursor, limit, cancellationToken);

            case { After: not null }:
                return Problem.Parameter("after", "A message's number or a cursor.");

            case { Before: { } before }:
                return QueryNumber.TryParse(before, 0, 1, MaxSeq, out var end)
                    ? await BeforeAsync(dialog, end, limit, cancellationToken)
                    : Problem.Parameter("before", "A message's number.");

            default:
                return await LatestAsync(dialog, limit, reset: false, cancellationToken);
        }
    }

    private async Task<HistoryPage> AfterAsync(StreamKey dialog, Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        var page = await log.ReadAfterAsync(dialog, cursor, limit, cancellationToken);
        return page.Held
            ? new HistoryPage(page.Entries, page.Entries is [.., var last] ? last.Cursor : cursor, page.HasMore)
            : await LatestAsync(dialog, limit, reset: true, cancellationToken);
    }

    private async Task<HistoryPage> AfterAsync(StreamKey dialog, long seq, int limit, CancellationToken cancellationToken)
    {
        var page = await log.ReadFromAsync(dialog, seq + 1, limit, cancellationToken);

        // A number beyond the end was taken from a log that is gone; one below the beginning leaves a hole.
        return seq > page.Head.Seq || (page.First > 0 && seq + 1 < page.First)
            ? await LatestAsync(dialog, limit, reset: true, cancellationToken)
            : new HistoryPage(page.Entries, page.Entries is [.., var last] ? last.Cursor : page.Head, page.HasMore);
    }

    private async Task<HistoryPage> BeforeAsync(StreamKey dialog, long before, int limit, CancellationToken cancellationToken)
    {
        var head = await log.GetHeadAsync(dialog, cancellationToken);
        var end = Math.Min(before - 1, head.Seq);
        var start = Math.Max(1, end - limit + 1);
        if (end < start)
        {
            return new HistoryPage([], Cursor.Start, HasMore: false);
        }

        var page = await log.ReadFromAsync(dialog, start, (int)(end - start + 1), cancellationToken);
        return Backward(await CompleteAsync(dialog, page, end, cancellationToken), page);
    }

    private async Task<HistoryPage> LatestAsync(StreamKey dialog, int limit, bool reset, CancellationToken cancellationToken)
    {
        var page = await log.ReadTailAsync(dialog, limit, cancellationToken);
        return Backward(await CompleteAsync(dialog, page, page.Head.Seq, cancellationToken), page) with { Reset = reset };
    }

    private static HistoryPage Backward(IReadOnlyList<LogEntry> entries, LogPage page) => new(
        entries,
        entries is [.., var last] ? last.Cursor : page.Head,
        HasMore: entries is [var first, ..] && first.Seq > page.First);

    // The log cuts its pages by bytes, at the end; what is read backward has to reach its end.
    private async Task<IReadOnlyList<LogEntry>> CompleteAsync(
        StreamKey dialog, LogPage page, long end, CancellationToken cancellationToken)
    {
        if (page.Entries.Count == 0 || page.Entries[^1].Seq >= end)
        {
            return page.Entries;
        }

        var entries = new List<LogEntry>(page.Entries);
        while (entries[^1].Seq < end)
        {
            var next = await log.ReadFromAsync(dialog, entries[^1].Seq + 1, (int)(end - entries[^1].Seq), cancellationToken);
            if (next.Entries.Count == 0)
            {
                break;
            }

            entries.AddRange(next.Entries);
        }

        return entries;
    }
}
