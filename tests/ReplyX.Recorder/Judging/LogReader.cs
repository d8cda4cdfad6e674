using ReplyX.Client;
using ReplyX.Recorder.Traffic;

namespace ReplyX.Recorder.Judging;

/// <summary>Reads a dialog's whole log over HTTP, once all is over.</summary>
internal static class LogReader
{
    private const int PageSize = 200;

    /// <summary>Reads it as its visitor and as an operator, who must read the same.</summary>
    public static async Task<DialogRecord> ReadAsync(RecordedDialog dialog, Violations violations)
    {
        var asVisitor = await ReadAsync(after => dialog.Visitor.ReadAfterAsync(after, PageSize, CancellationToken.None));
        var asOperator = await ReadAsync(after => dialog.Operator.ReadHistoryAsync(dialog.Id, new HistoryRange(After: after, Limit: PageSize)));
        if (!asVisitor.SequenceEqual(asOperator))
        {
            violations.Add(ViolationKind.Corrupted, $"{dialog}: visitor and operator read two histories");
        }

        // Of one that was acknowledged twice, in two places, that place counts which the log has.
        var held = asVisitor.Select(e => e.Cursor).ToHashSet();
        var places = dialog.Repeats
            .SelectMany(repeat => new[] { (repeat.Key, Cursor: repeat.First), (repeat.Key, Cursor: repeat.Second) })
            .Where(place => held.Contains(place.Cursor))
            .DistinctBy(place => place.Key)
            .ToDictionary(place => place.Key, place => place.Cursor);
        return new DialogRecord(dialog.ToString(), new AuditedDialog
        {
            Id = dialog.Id,
            Log = asVisitor,
            Acknowledged = [.. dialog.Sent.Select(sent => places.TryGetValue(sent.Name, out var place) ? sent with { Cursor = place } : sent)],
            Steps = [.. dialog.Steps],
            Start = dialog.Visitor.Dialog.Cursor.Seq,
        });
    }

    private static async Task<List<AuditedEvent>> ReadAsync(Func<long, Task<ApiResult<HistoryPage>>> read)
    {
        var log = new List<AuditedEvent>();
        while (true)
        {
            var page = (await read(log.Count == 0 ? 0 : log[^1].Cursor.Seq)).Require();
            log.AddRange(page.Items.Select(item => new AuditedEvent(item.Cursor!.Value, EventContent.Of(item)!)));
            if (!page.HasMore || page.Items.Count == 0)
            {
                return log;
            }
        }
    }
}
