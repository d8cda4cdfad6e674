using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Bench.Memory;

internal sealed class Filling(IServiceProvider services, IReadOnlyList<string> texts)
{
    private const int AtOnce = 64;
    private readonly DialogLog _log = services.GetRequiredService<DialogLog>();

    /// <summary>Appends messages as the services do, visitor and assistant in turn, with keys as long as the widget's.</summary>
    public async Task<IReadOnlyList<StreamKey>> FillAsync(int dialogs, int length)
    {
        var site = new Site("acme", "shop", "Shop", "assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);
        var directory = services.GetRequiredService<DialogDirectory>();
        List<Dialog> opened = [];
        for (var i = 0; i < dialogs; i++)
        {
            opened.Add((await directory.OpenAsync(site, DialogMode.Widget, Guid.NewGuid().ToString("N"), default)).Dialog);
        }

        await Parallel.ForEachAsync(opened, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (dialog, cancellationToken) =>
        {
            var guest = Principals.Guest(dialog.GuestId);
            var random = new Random((int)dialog.Id);

            // Each text once before any comes again: texts repeated within a segment would compress as no conversation does.
            var order = texts.ToArray();
            for (var i = 1; i < length; i++)
            {
                if ((i - 1) % order.Length == 0)
                {
                    random.Shuffle(order);
                }

                var sender = i % 2 == 1 ? Sender.User : Sender.Assistant;
                _ = IdempotencyKey.TryCreate(sender == Sender.User ? guest : "assistant", Guid.NewGuid().ToString(), out var key);
                await _log.AppendMessageAsync(
                    dialog.Key, dialog.Owner, new NewMessage(key, sender, order[(i - 1) % order.Length]), cancellationToken);
            }
        });
        return [.. opened.Select(dialog => dialog.Key)];
    }

    public async Task<double> AverageEventAsync(StreamKey dialog) =>
        (await _log.ReadTailAsync(dialog, 500, default)).Entries.Average(entry => entry.Raw.Length);

    public async Task<(long Archived, TimeSpan Elapsed)> ArchiveAsync(IReadOnlyList<StreamKey> dialogs)
    {
        var archiver = services.GetRequiredService<DialogArchiver>();
        var reader = services.GetRequiredService<LogReader>();
        var clock = Stopwatch.StartNew();
        var archived = 0L;
        foreach (var dialog in dialogs)
        {
            await archiver.ArchiveAsync(dialog, default);
            archived += (await reader.ReadLogAsync(dialog, LogPosition.Tail, 0, 0, default)).First - 1;
        }

        return (archived, clock.Elapsed);
    }
}
