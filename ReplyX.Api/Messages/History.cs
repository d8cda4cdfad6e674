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

    public async Task<Results<HistoryPage, Problem>> ReadAsync(Dialog dialog, HistoryQuery query, CancellationToken cancellationToken) =>
        await ReadAsync(dialog.Key, query, cancellationToken) is var answer && answer.Result is HistoryPage page
            ? page with { Read = dialog.Read }
            : answer;

    private async Task<Results<HistoryPage, Problem>> ReadAsync(StreamKey dialog, HistoryQuery query, CancellationToken cancellationToken)
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

        // A number after the end is from a log that was lost; after one before the beginning, events would be missing.
        return seq > page.Head.Seq || (page.First > 0 && seq + 1 < page.First)
            ? await LatestAsync(dialog, limit, reset: true, cancellationToken)
            : new HistoryPage(page.Entries, page.Entries is [.., var last] ? last.Cursor : page.Head, page.HasMore);
    }

    private async Task<HistoryPage> BeforeAsync(StreamKey dialog, long before, int limit, CancellationToken cancellationToken)
    {
        // If there is nothing before it, the cursor is the start: after the head, a client would miss all events in between.
        var page = before == 1 ? null : await log.ReadBeforeAsync(dialog, before, limit, cancellationToken);
        return page is { Entries.Count: > 0 } ? Backward(page) : new HistoryPage([], Cursor.Start, HasMore: false);
    }

    private async Task<HistoryPage> LatestAsync(StreamKey dialog, int limit, bool reset, CancellationToken cancellationToken) =>
        Backward(await log.ReadTailAsync(dialog, limit, cancellationToken)) with { Reset = reset };

    private static HistoryPage Backward(LogPage page) => new(
        page.Entries,
        page.Entries is [.., var last] ? last.Cursor : page.Head,
        HasMore: page.Entries is [var first, ..] && first.Seq > page.First);
}
