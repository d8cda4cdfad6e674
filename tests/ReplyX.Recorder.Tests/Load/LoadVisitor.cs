using System.Diagnostics;
using ReplyX.Client;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests.Load;

/// <summary>
/// A visitor of the load test: starts a dialog over HTTP, opens it in two tabs, writes in one after the other, and leaves when everything
/// is in both. Comes back to the same dialog for as long as the stages want.
/// </summary>
internal sealed class LoadVisitor(int number, ReplyXApiClient api, string? siteToken, Random random, LoadResult result)
{
    private const int Tabs = 2;
    private const int Messages = 8;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    // Beyond it a message counts as lost: the audit says which.
    private static readonly TimeSpan _deliveryLimit = TimeSpan.FromSeconds(20);

    private string? _guestToken;

    public async Task VisitAsync(TimeSpan from, TimeSpan until, Stopwatch clock, CancellationToken stop)
    {
        if (from > clock.Elapsed)
        {
            await Task.Delay(from - clock.Elapsed, stop);
        }

        for (var visit = 0; visit == 0 || clock.Elapsed < until; visit++)
        {
            await TalkAsync($"v{number}-{visit}", stop);
        }
    }

    private async Task TalkAsync(string name, CancellationToken stop)
    {
        var opened = (siteToken is null
            ? await api.OpenWidgetDialogAsync("demo", _guestToken, stop)
            : await api.OpenSiteDialogAsync(siteToken, _guestToken, stop)).Require();
        _guestToken = opened.GuestToken;
        var visitor = new VisitorSession(api, opened);
        var start = (await visitor.ReadHistoryAsync(new HistoryRange(), stop)).Require().Cursor ?? EventCursor.Start;

        var tabs = Enumerable.Range(0, Tabs).Select(_ => new VisitorTab(visitor.ConnectionOptions(start), result.Latencies)).ToList();
        var acknowledged = new List<AcknowledgedEvent>();
        try
        {
            await Task.WhenAll(tabs.Select(tab => tab.ConnectAsync())).Within($"{name}'s sockets");
            for (var i = 0; i < Messages; i++)
            {
                acknowledged.Add(await SayAsync(tabs[i % Tabs], $"{name}-{i}"));
                await Task.Delay(_pause * (0.5 + random.NextDouble()), stop);
            }

            await Task.WhenAny(Task.WhenAll(tabs.Select(tab => tab.HasAsync(acknowledged[^1].Cursor.Seq))), Task.Delay(_deliveryLimit, stop));
        }
        finally
        {
            await Task.WhenAll(tabs.Select(tab => tab.DisposeAsync().AsTask()));
        }

        // One page: a visit is short.
        var log = (await visitor.ReadHistoryAsync(new HistoryRange(After: start.Seq, Limit: 200), stop)).Require().Items;
        var dialog = new AuditedDialog
        {
            Id = opened.Id,
            Log = [.. log.Select(item => new AuditedEvent(item.Cursor!.Value, EventContent.Of(item)!))],
            Acknowledged = acknowledged,
            Steps = [],
            Start = start.Seq,
        };
        result.Add(DeliveryAudit.OfLog(dialog), dialog);
        tabs.ForEach(tab => result.Add(tab, dialog));
    }

    private async Task<AcknowledgedEvent> SayAsync(VisitorTab tab, string key)
    {
        var text = $"{key}: {new string('x', random.Next(20, 400))}";
        var sent = await tab.SendAsync(text, key).Within($"{key} to be acknowledged");
        Assert.True(sent.Stored, $"{key} was refused: {sent.Error?.Code}");
        result.Sent();
        return new AcknowledgedEvent(sent.Cursor, EventContent.Message("user", text), $"visitor {number}", key);
    }
}
