using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>
/// Tells accounts of what was appended to their spread dialogs: their feed and index, and the inboxes of their sites' assistants. Each event
/// is told once, and those of a dialog in order, whoever does it, how often, and wherever it ended the last time: up to where a dialog has
/// been told of is written with the feed, and an event is told only behind the one that it was appended behind.
/// </summary>
internal sealed partial class Projector(
    RedisGateway redis,
    LogReader reader,
    Outboxes outboxes,
    AssistantWork assistants,
    ProjectionQueue queue,
    TimeProvider time,
    IOptions<MessagingOptions> options,
    ProjectionMetrics metrics,
    ILogger<Projector> logger)
{
    /// <summary>The most events that are told at once: a script holds up all others.</summary>
    public const int ToldAtOnce = 100;

    // Somebody else may have told of a dialog in between, each time.
    private const int MostRounds = 5;

    private const int FixedArguments = 3;
    private const int EventArguments = 11;

    private static readonly RedisScript _project = RedisScript.Load("Projection.project");
    private static readonly RedisScript _forget = RedisScript.Load("Projection.forget");
    private static readonly RedisScript _visitGuest = RedisScript.Load("Dialogs.visit_guest");

    private readonly MessagingOptions _options = options.Value;

    /// <summary>Tells an account of what this process has appended. What does not follow on what was told is left to the outboxes.</summary>
    public async Task TellAsync(string account, IReadOnlyList<AppendedEvent> appended, CancellationToken cancellationToken)
    {
        var updates = new List<ListUpdate>(appended.Count);
        foreach (var one in appended)
        {
            if (await ToUpdateAsync(one, cancellationToken) is { } update)
            {
                updates.Add(update);
            }
        }

        var unsure = await RunAsync(account, updates, await redis.TearsScriptsAsync(cancellationToken), cancellationToken);
        foreach (var partition in unsure.Keys.Select(dialog => dialog.Partition).Distinct())
        {
            queue.Hint(partition);
        }

        await outboxes.TakeOutAsync(appended.Select(one => one.Note).Where(note => !unsure.ContainsKey(note.Dialog)), cancellationToken);
        metrics.Told(time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(appended.Min(one => one.Note.Time)));
    }

    /// <summary>Tells all that a partition's outbox holds.</summary>
    public async Task ProjectAsync(int partition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var notes = await outboxes.ReadAsync(partition, ToldAtOnce, cancellationToken);
            if (notes.Length == 0)
            {
                return;
            }

            List<(RedisValue Text, OutboxEntry Note)> entries = [];
            List<RedisValue> odd = [];
            foreach (var text in notes)
            {
                if (OutboxEntry.TryParse(text, out var note))
                {
                    entries.Add((text, note));
                }
                else
                {
                    odd.Add(text);
                }
            }

            if (odd.Count > 0)
            {
                // What stays would hold up all that lies behind it.
                Log.NoNote(logger, partition, odd.Count);
                metrics.Failed();
                await outboxes.TakeOutAsync(partition, [.. odd], cancellationToken);
            }

            // An account that cannot be told now holds up no other one.
            await Task.WhenAll(entries.GroupBy(entry => entry.Note.Dialog.Account).Select(async account =>
            {
                if (await TellNotedAsync(account.Key, [.. account.Select(entry => entry.Note)], cancellationToken))
                {
                    await outboxes.TakeOutAsync(partition, [.. account.Select(entry => entry.Text)], cancellationToken);
                    metrics.Told(time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(account.Min(entry => entry.Note.Time)));
                }
                else
                {
                    queue.Hint(partition);
                }
            }));
            if (notes.Length < ToldAtOnce)
            {
                return;
            }
        }
    }

    private async ValueTask<ListUpdate?> ToUpdateAsync(AppendedEvent appended, CancellationToken cancellationToken)
    {
        var note = appended.Note;
        DialogStanding? standing = null;
        if (note.IsNew)
        {
            // Who the visitor is an append does not see.
            standing = await DialogStanding.ReadAsync(redis, reader, note.Dialog, introduces: true, from: 1, to: 0, cancellationToken);
            if (standing is null)
            {
                return null;
            }

            await LeadGuestAsync(note.Dialog, standing.Owner, cancellationToken);
        }

        return new ListUpdate(
            note,
            note.IsNew ? ListUpdate.NoMark : appended.Before,
            appended.Site,
            appended.Type,
            appended.Handoff,
            appended.RequestedAt,
            ListUpdate.Write(
                note.Seq, appended.Handoff, appended.ReadUpTo, appended.Operator, standing is null ? null : standing.Introduce, appended.Text));
    }

    /// <returns>Whether all of them have been told, or are gone. If not, others tell of the same dialogs at the same time.</returns>
    private async Task<bool> TellNotedAsync(string account, OutboxEntry[] noted, CancellationToken cancellationToken)
    {
        var dialogs = noted.GroupBy(note => note.Dialog).ToDictionary(dialog => dialog.Key, dialog => dialog.ToArray());
        var updates = new List<ListUpdate>(noted.Length);
        foreach (var standing in await Task.WhenAll(dialogs.Select(dialog => ReadAsync(dialog.Key, dialog.Value))))
        {
            updates.AddRange(standing);
        }

        var tears = await redis.TearsScriptsAsync(cancellationToken);
        var unsure = await RunAsync(account, updates, tears, cancellationToken);
        for (var round = 0; unsure.Count > 0 && round < MostRounds; round++)
        {
            var (onward, again) = (new List<ListUpdate>(), new List<ListUpdate>());
            var ends = dialogs.Where(dialog => unsure.ContainsKey(dialog.Key)).ToDictionary(dialog => dialog.Key, dialog => dialog.Value.Max(note => note.Seq));
            foreach (var (dialog, mark) in unsure)
            {
                if (mark.Length == 0)
                {
                    again.AddRange(updates.Where(update => update.Note.Dialog == dialog));
                }
                else if (await IsLostAsync(dialog, mark, cancellationToken))
                {
                    await redis.EvaluateNumberAsync(_forget, [RedisKeys.Projected(account)], [dialog.DialogId, mark], cancellationToken);
                    again.AddRange(updates.Where(update => update.Note.Dialog == dialog));
                }
                else
                {
                    onward.AddRange(await ReadOnAsync(dialog, mark, ends[dialog], cancellationToken));
                }
            }

            unsure = await RunAsync(account, onward, tears, cancellationToken);
            foreach (var last in onward.GroupBy(update => update.Note.Dialog).Select(dialog => dialog.Last().Note).Where(last => last.Seq < ends[last.Dialog]))
            {
                // There is more than was read.
                unsure.TryAdd(last.Dialog, last.Mark);
            }

            // What of it was told before, and lies in the outbox again, stands in the feed.
            foreach (var (dialog, mark) in await RunAsync(account, again, looksThrough: true, cancellationToken))
            {
                unsure[dialog] = mark;
            }
        }

        return unsure.Count == 0;

        async Task<List<ListUpdate>> ReadAsync(StreamKey dialog, OutboxEntry[] notes)
        {
            var isNew = Array.Exists(notes, note => note.IsNew);
            var standing = await DialogStanding.ReadAsync(
                redis, reader, dialog, isNew, notes.Min(note => note.Seq), notes.Max(note => note.Seq), cancellationToken);
            if (standing is not null && isNew)
            {
                await LeadGuestAsync(dialog, standing.Owner, cancellationToken);
            }

            return [.. notes.Select(note => standing?.ToUpdate(note, ListUpdate.NoMarkOrTheOneBefore)).OfType<ListUpdate>()];
        }
    }

    /// <summary>
    /// What follows the event that a mark names, to an event that was noted. Nothing, if that was told; more than was noted, if the account
    /// has lost what it was told.
    /// </summary>
    private async Task<List<ListUpdate>> ReadOnAsync(StreamKey dialog, string mark, long to, CancellationToken cancellationToken)
    {
        var from = SeqOf(mark) + 1;
        return to < from
            ? []
            : (await DialogStanding.ReadAsync(
                redis, reader, dialog, introduces: false, from, Math.Min(to, from + ToldAtOnce - 1), cancellationToken))?.ToUpdates(mark) ?? [];
    }

    /// <summary>Whether the log no longer has the event that a mark names: it was rolled back behind that.</summary>
    private async Task<bool> IsLostAsync(StreamKey dialog, string mark, CancellationToken cancellationToken)
    {
        var seq = SeqOf(mark);
        var log = await reader.ReadLogAsync(dialog, LogPosition.From(seq), 1, int.MaxValue, cancellationToken);

        // It is there, or was archived, or all of the dialog was deleted.
        return !(log.Head.Seq == 0 || log.First > seq || (log.Entries is [var entry] && $"{entry.Seq} {entry.Cursor.NonceText}" == mark));
    }

    private static long SeqOf(string mark) =>
        mark.Split(' ') is [var seq, _] && long.TryParse(seq, CultureInfo.InvariantCulture, out var number) ? number
        : throw RedisGateway.MismatchedReply();

    /// <summary>What leads a guest to a dialog lives as long as a guest is remembered, once the dialog is listed.</summary>
    private Task<long> LeadGuestAsync(StreamKey dialog, DialogOwner owner, CancellationToken cancellationToken) => redis.EvaluateNumberAsync(
        _visitGuest,
        [RedisKeys.OpenDialog(dialog.Account, owner), RedisKeys.GuestDialogs(dialog.Account, owner.GuestId)],
        [dialog.DialogId, (long)_options.GuestLifetime.TotalSeconds],
        cancellationToken);

    /// <returns>The dialogs of which not all was told, since their marks are others than was expected, and the marks.</returns>
    private async Task<Dictionary<StreamKey, string>> RunAsync(
        string account, List<ListUpdate> updates, bool looksThrough, CancellationToken cancellationToken)
    {
        var unsure = new Dictionary<StreamKey, string>();
        foreach (var some in updates.Chunk(ToldAtOnce))
        {
            await RunAsync(account, some, looksThrough, unsure, cancellationToken);
        }

        return unsure;
    }

    private async Task RunAsync(
        string account, ListUpdate[] updates, bool looksThrough, Dictionary<StreamKey, string> unsure, CancellationToken cancellationToken)
    {
        var sites = new List<AssistantSite>();
        var arguments = new List<RedisValue>(FixedArguments + (EventArguments * updates.Length))
        {
            RedisKeys.ChannelName(StreamKey.ForFeed(account)), _options.FeedLength, looksThrough ? "1" : "0",
        };
        foreach (var update in updates)
        {
            var note = update.Note;
            if (unsure.ContainsKey(note.Dialog))
            {
                continue;
            }

            arguments.Add(note.Dialog.DialogId);
            arguments.Add(note.Seq);
            arguments.Add(note.Nonce);
            arguments.Add(note.Time);
            arguments.Add(update.Expected);
            arguments.Add(note.IsNew ? "dialog_new" : "dialog_update");
            arguments.Add(NumberOf(update.Site));
            arguments.Add(update.Does);
            arguments.Add(update.Handoff);
            arguments.Add(update.RequestedAt);
            arguments.Add(update.Text);
        }

        if (arguments.Count == FixedArguments)
        {
            return;
        }

        var reply = await redis.EvaluateAsync(
            _project,
            [
                RedisKeys.Feed(account), RedisKeys.DialogIndex(account), RedisKeys.Projected(account), RedisKeys.Asked(account),
                .. sites.Select(site => RedisKeys.AssistantInbox(site)),
            ],
            [.. arguments],
            cancellationToken);
        if (reply.Length % 2 == 0)
        {
            throw RedisGateway.MismatchedReply();
        }

        foreach (var number in ((string?)reply[0] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            assistants.Announce(sites[int.Parse(number, CultureInfo.InvariantCulture) - 1]);
        }

        for (var i = 1; i < reply.Length; i += 2)
        {
            unsure[StreamKey.ForDialog(account, (long)reply[i])] = (string?)reply[i + 1] ?? "";
        }

        int NumberOf(AssistantSite site)
        {
            if (!sites.Contains(site))
            {
                sites.Add(site);
            }

            return sites.IndexOf(site) + 1;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The outbox of partition {Partition} held {Count} entries that are no notes; they were taken out")]
        public static partial void NoNote(ILogger logger, int partition, int count);
    }
}
