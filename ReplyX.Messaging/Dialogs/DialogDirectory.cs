using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// Which dialogs there are and whose they are. All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class DialogDirectory
{
    private static readonly RedisScript _open = RedisScript.Load("Dialogs.open");
    private static readonly RedisScript _start = RedisScript.Load("Dialogs.start_spread");
    private static readonly RedisScript _claimOpen = RedisScript.Load("Dialogs.claim_open");
    private static readonly RedisScript _visit = RedisScript.Load("Dialogs.visit");
    private static readonly RedisScript _visitSpread = RedisScript.Load("Dialogs.visit_spread");
    private static readonly RedisScript _visitGuest = RedisScript.Load("Dialogs.visit_guest");
    private static readonly RedisScript _noteVisitor = RedisScript.Load("Dialogs.note_visitor");

    // A search reads whole dialogs, each some hundred bytes: a step is what one reply may hold, the most what one call may cost.
    private const int SearchStep = 200;
    private const int MostSearched = 1_000;

    private readonly RedisGateway _redis;
    private readonly DialogLog _log;
    private readonly TimeProvider _time;
    private readonly MessagingOptions _options;

    internal DialogDirectory(RedisGateway redis, DialogLog log, TimeProvider time, IOptions<MessagingOptions> options)
    {
        _redis = redis;
        _log = log;
        _time = time;
        _options = options.Value;
    }

    /// <summary>The guest that a start of this key made a short while ago.</summary>
    /// <param name="start">The start.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The guest's id, or null if none did.</returns>
    public async Task<string?> FindStartedGuestAsync(GuestStart start, CancellationToken cancellationToken) =>
        (string?)await _redis.ExecuteAsync(
            database => database.StringGetAsync(RedisKeys.StartedGuest(start.Account, start.Hash)), cancellationToken);

    /// <summary>Notes which guest a start makes. Of starts with one key at the same time the first decides.</summary>
    /// <param name="start">The start.</param>
    /// <param name="guestId">The new guest's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The id that all of them use.</returns>
    public async Task<string> NoteStartedGuestAsync(GuestStart start, string guestId, CancellationToken cancellationToken)
    {
        var key = RedisKeys.StartedGuest(start.Account, start.Hash);
        return await _redis.ExecuteAsync(
            async database =>
            {
                // First, so that whoever erases the guest finds the other.
                await database.StringSetAsync(RedisKeys.GuestStart(start.Account, guestId), start.Hash, GuestStart.Lifetime);
                return await database.StringSetAsync(key, guestId, GuestStart.Lifetime, When.NotExists);
            },
            cancellationToken)
            ? guestId
            : await FindStartedGuestAsync(start, cancellationToken) ?? guestId;
    }

    /// <summary>
    /// Returns the guest's open dialog on a site, or starts it with the site's welcome as its first event. Concurrent calls
    /// for one guest get one dialog.
    /// </summary>
    /// <param name="site">The site.</param>
    /// <param name="mode">How the visitor came.</param>
    /// <param name="guestId">The guest.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="VisitorErasedException">The guest was erased, or the account is.</exception>
    public async Task<OpenedDialog> OpenAsync(Site site, DialogMode mode, string guestId, CancellationToken cancellationToken)
    {
        var gone = "";
        while (true)
        {
            var (id, isCreated) = _options.SpreadDialogs
                ? await OpenSpreadAsync(site, mode, guestId, gone, cancellationToken)
                : await OpenInAccountAsync(site, mode, guestId, gone, cancellationToken);
            var key = StreamKey.ForDialog(site.Account, id);
            if (await FindAsync(key, cancellationToken) is { } dialog && (isCreated || await VisitAsync(dialog, cancellationToken)))
            {
                return new OpenedDialog(dialog, await _log.GetHeadAsync(key, cancellationToken), isCreated);
            }

            // It expired unwritten; the next round starts another in its place, unless somebody else has by then.
            gone = id.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task<(long Id, bool IsCreated)> OpenInAccountAsync(
        Site site, DialogMode mode, string guestId, string gone, CancellationToken cancellationToken)
    {
        var owner = new DialogOwner(guestId, site.Id, mode);
        while (true)
        {
            var candidate = NewDialog(site.Account, isSpread: false);
            var now = _time.GetUtcNow();
            var (reply, isReplicated) = await _redis.EvaluateReplicatedAsync(
                _open,
                [
                    RedisKeys.OpenDialog(site.Account, owner),
                    RedisKeys.Dialog(candidate),
                    RedisKeys.Log(candidate),
                    RedisKeys.GuestDialogs(site.Account, guestId),
                    RedisKeys.ErasedGuest(site.Account, guestId),
                    RedisKeys.ErasedAccount(site.Account),
                ],
                [
                    candidate.DialogId,
                    gone,
                    now.ToUnixTimeMilliseconds(),
                    site.Id,
                    mode.ToWire(),
                    guestId,
                    DialogLog.NewNonce(),
                    EventText.Head("message", candidate.DialogId),
                    WelcomeOf(site, now),
                    (long)_options.UnlistedLifetime.TotalSeconds,
                ],
                cancellationToken);

            ThrowIfErased((string?)reply[0]);
            if ((string?)reply[0] is { } outcome and not "taken")
            {
                return isReplicated ? ((long)reply[1], outcome == "created") : throw RedisGateway.NotReplicated();
            }
        }
    }

    // What leads a guest to a dialog lies elsewhere than the dialog: that is made first, and of those that are made at the same time one is
    // led to. The others expire.
    private async Task<(long Id, bool IsCreated)> OpenSpreadAsync(
        Site site, DialogMode mode, string guestId, string gone, CancellationToken cancellationToken)
    {
        var owner = new DialogOwner(guestId, site.Id, mode);
        var open = RedisKeys.OpenDialog(site.Account, owner);
        RedisKey[] erased = [RedisKeys.ErasedGuest(site.Account, guestId), RedisKeys.ErasedAccount(site.Account)];
        var current = await _redis.ExecuteAsync(
            async database =>
            {
                var (isGuest, isAccount) = (database.KeyExistsAsync(erased[0]), database.KeyExistsAsync(erased[1]));
                var found = await database.StringGetAsync(open);
                ThrowIfErased(await isAccount ? "account_erased" : await isGuest ? "guest_erased" : null);
                return found;
            },
            cancellationToken);
        if (current.HasValue && current != gone)
        {
            return ((long)current, false);
        }

        while (true)
        {
            var candidate = NewDialog(site.Account, isSpread: true);
            var now = _time.GetUtcNow();
            RedisValue[] arguments =
            [
                now.ToUnixTimeMilliseconds(),
                site.Id,
                mode.ToWire(),
                guestId,
                DialogLog.NewNonce(),
                EventText.Head("message", candidate.DialogId),
                WelcomeOf(site, now),
                (long)_options.UnlistedLifetime.TotalSeconds,
                owner.ToField(),
            ];
            var (reply, isReplicated) = await _redis.EvaluateReplicatedAsync(
                _start, [RedisKeys.Dialog(candidate), RedisKeys.Log(candidate)], arguments, cancellationToken);
            if ((long)reply[0] == 0)
            {
                continue;
            }

            // A guest is led to what replicas have.
            if (!isReplicated)
            {
                throw RedisGateway.NotReplicated();
            }

            (reply, isReplicated) = await _redis.EvaluateReplicatedAsync(
                _claimOpen,
                [open, RedisKeys.GuestDialogs(site.Account, guestId), .. erased],
                [candidate.DialogId, gone, now.ToUnixTimeMilliseconds(), (long)_options.UnlistedLifetime.TotalSeconds],
                cancellationToken);
            if (reply is [_, var refusal])
            {
                // Erased in between. It would expire within a day.
                await _redis.ExecuteAsync(
                    database => database.KeyDeleteAsync([RedisKeys.Dialog(candidate), RedisKeys.Log(candidate)]), cancellationToken);
                ThrowIfErased((string?)refusal);
            }

            var id = (long)reply[0];
            return isReplicated ? (id, id == candidate.DialogId) : throw RedisGateway.NotReplicated();
        }
    }

    private static void ThrowIfErased(string? outcome)
    {
        if (outcome is "guest_erased" or "account_erased")
        {
            throw new VisitorErasedException(isAccount: outcome == "account_erased");
        }
    }

    private static RedisValue WelcomeOf(Site site, DateTimeOffset now) => site.Welcome.Length == 0
        ? RedisValue.EmptyString
        : EventText.MessageTail(Sender.Assistant, site.Welcome, author: null, clientId: null, replyTo: null, now);

    /// <summary>Finds a dialog.</summary>
    /// <param name="key">The account and the dialog's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The dialog, or null if the account has none of that id.</returns>
    public async Task<Dialog?> FindAsync(StreamKey key, CancellationToken cancellationToken) =>
        (await FindEachAsync(key.Account, [key], cancellationToken)).Single();

    // Of a spread dialog: its last event stands in its log, unless it is at rest, and who waits in it its account knows.
    private static async Task<Dialog?> ReadSpreadAsync(IDatabase database, StreamKey key, Task<Dictionary<StreamKey, RedisValue>> asked)
    {
        var fields = database.HashGetAllAsync(RedisKeys.Dialog(key));
        var last = await database.ListGetByIndexAsync(RedisKeys.Log(key), -1);
        var hash = await fields;
        if (ToDialog(key, hash) is not { Listed: true } dialog)
        {
            return ToDialog(key, hash);
        }

        var since = ((string?)(await asked)[key])?.Split(' ', 2);
        return dialog with
        {
            Last = last.IsNull ? dialog.Last : SpreadSummary.Of(LogEntry.Parse(last), hash),
            AskedAt = since is [_, var time] ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            IsUnassisted = since is ["1", _],
        };
    }

    private static async Task<Dictionary<StreamKey, RedisValue>> FindAskedAsync(IDatabase database, string account, StreamKey[] spread)
    {
        var asked = spread.Length == 0 ? [] : await database.HashGetAsync(RedisKeys.Asked(account), Array.ConvertAll(spread, key => (RedisValue)key.DialogId));
        return spread.Zip(asked).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>A guest's own dialogs, the latest started first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="guestId">The guest.</param>
    /// <param name="most">The most to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Dialog>> ListForGuestAsync(
        string account, string guestId, int most, CancellationToken cancellationToken)
    {
        var ids = await _redis.ExecuteAsync(
            database => database.SortedSetRangeByRankAsync(RedisKeys.GuestDialogs(account, guestId), 0, most - 1, Order.Descending),
            cancellationToken);
        return await FindAllAsync(account, ids, cancellationToken);
    }

    /// <summary>
    /// An account's listed dialogs that a filter takes, the latest active first. One call looks at a bounded number of them: where it
    /// finds fewer than wanted there may be more, from <see cref="DialogSearch.Next"/> on.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="filter">Which dialogs.</param>
    /// <param name="skip">How many dialogs to pass over, whether the filter takes them or not.</param>
    /// <param name="most">The most to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<DialogSearch> SearchAsync(
        string account, DialogFilter filter, int skip, int most, CancellationToken cancellationToken)
    {
        var index = RedisKeys.DialogIndex(account);
        var found = new List<Dialog>();
        var (at, end, total) = (skip, skip + (filter.TakesAll ? most : MostSearched), long.MaxValue);
        while (found.Count < most && at < end && at < total)
        {
            var (from, to) = (at, Math.Min(at + SearchStep, end) - 1);
            (var ids, total) = await _redis.ExecuteAsync(
                async database =>
                {
                    var page = database.SortedSetRangeByRankAsync(index, from, to, Order.Descending);
                    var count = database.SortedSetLengthAsync(index);
                    return (await page, await count);
                },
                cancellationToken);
            if (ids.Length == 0)
            {
                break;
            }

            foreach (var dialog in await FindEachAsync(account, ids, cancellationToken))
            {
                at++;
                if (dialog is not null && filter.Takes(dialog))
                {
                    found.Add(dialog);
                    if (found.Count == most)
                    {
                        break;
                    }
                }
            }
        }

        return new DialogSearch(found, total, at < total && at > skip ? at : null);
    }

    /// <summary>Notes what is learnt of a dialog's visitor, and tells the account's lists.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="owner">Whose dialog it is. If it is somebody else's, it is as if there were none.</param>
    /// <param name="note">What is learnt.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be noted all the same.</param>
    /// <returns>Whether there is such a dialog.</returns>
    public async Task<bool> NoteVisitorAsync(StreamKey dialog, DialogOwner owner, VisitorNote note, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var feed = RedisKeys.ChannelName(StreamKey.ForFeed(dialog.Account));
        List<RedisValue> arguments =
        [
            owner.GuestId,
            owner.SiteId,
            owner.Mode.ToWire(),
            dialog.IsSpread ? "" : feed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"0 0 {now.ToUnixTimeMilliseconds()} -\n{{\"type\":\"dialog_visitor\",\"dialog_id\":{dialog.DialogId},"),
            $"\"timestamp\":\"{EventTimestamp.Format(now)}\"}}",
        ];
        Add("name", note.Name);
        Add("email", note.Email);
        Add("locale", note.Locale);
        Add("agent", note.UserAgent);
        if (note.Page is { } page)
        {
            var json = VisitorJson.Of(page);
            arguments.AddRange(["page", json, "started_page", json]);
        }

        RedisKey key = RedisKeys.Dialog(dialog);
        RedisResult[] reply;
        while ((long)(reply = await _redis.EvaluateAsync(_noteVisitor, [key], [.. arguments], cancellationToken))[0] == 2)
        {
            await PackedFields.UnpackAsync(_redis, key, cancellationToken);
        }

        if (reply is [_, var news])
        {
            await _redis.PublishAsync(feed, (byte[])news!, cancellationToken);
        }

        return (long)reply[0] == 1;

        void Add(string field, string? value)
        {
            if (value is not null)
            {
                arguments.AddRange([field, value.Length == 0 ? "" : VisitorJson.Of(value)]);
            }
        }
    }

    /// <summary>
    /// Notes that the dialog's guest is there: an unwritten dialog, and what leads its guest to any, lives on from now. So who holds
    /// a token that was issued just now does not lose the dialog that it is for.
    /// </summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it is there still.</returns>
    public async Task<bool> VisitAsync(Dialog dialog, CancellationToken cancellationToken)
    {
        if (dialog.Key.IsSpread)
        {
            return await VisitSpreadAsync(dialog, cancellationToken);
        }

        RedisKey[] keys =
        [
            RedisKeys.OpenDialog(dialog.Key.Account, dialog.Owner),
            RedisKeys.Dialog(dialog.Key),
            RedisKeys.Log(dialog.Key),
            RedisKeys.ReadMarks(dialog.Key),
            RedisKeys.GuestDialogs(dialog.Key.Account, dialog.GuestId),
        ];
        return await _redis.EvaluateNumberAsync(
            _visit,
            keys,
            [dialog.Id, (long)_options.UnlistedLifetime.TotalSeconds, (long)_options.GuestLifetime.TotalSeconds],
            cancellationToken) == 1;
    }

    private async Task<bool> VisitSpreadAsync(Dialog dialog, CancellationToken cancellationToken)
    {
        var found = await _redis.EvaluateNumberAsync(
            _visitSpread,
            [RedisKeys.Dialog(dialog.Key), RedisKeys.Log(dialog.Key), RedisKeys.ReadMarks(dialog.Key)],
            [(long)_options.UnlistedLifetime.TotalSeconds],
            cancellationToken);
        if (found == 0)
        {
            return false;
        }

        await _redis.EvaluateNumberAsync(
            _visitGuest,
            [RedisKeys.OpenDialog(dialog.Key.Account, dialog.Owner), RedisKeys.GuestDialogs(dialog.Key.Account, dialog.GuestId)],
            [dialog.Id, (long)(found == 2 ? _options.GuestLifetime : _options.UnlistedLifetime).TotalSeconds],
            cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<Dialog>> FindAllAsync(string account, RedisValue[] ids, CancellationToken cancellationToken) =>
        [.. (await FindEachAsync(account, ids, cancellationToken)).OfType<Dialog>()];

    private Task<Dialog?[]> FindEachAsync(string account, RedisValue[] ids, CancellationToken cancellationToken) =>
        FindEachAsync(account, Array.ConvertAll(ids, id => StreamKey.ForDialog(account, (long)id)), cancellationToken);

    private Task<Dialog?[]> FindEachAsync(string account, StreamKey[] keys, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database =>
        {
            var asked = FindAskedAsync(database, account, [.. keys.Where(key => key.IsSpread).Distinct()]);
            return Task.WhenAll(keys.Select(async key => key.IsSpread
                ? await ReadSpreadAsync(database, key, asked)
                : ToDialog(key, await database.HashGetAllAsync(RedisKeys.Dialog(key)))));
        },
        cancellationToken);

    // 53 random bits, so that every client's number type holds an id and neither counting nor reuse reaches another dialog.
    private static StreamKey NewDialog(string account, bool isSpread)
    {
        var random = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & ((1L << 53) - 1);

        // Of spread ones 2 is the least.
        return StreamKey.ForDialog(account, isSpread ? Math.Max(2, random & ~1L) : random | 1);
    }

    internal static Dialog? ToDialog(StreamKey key, HashEntry[] hash)
    {
        if (hash.Length == 0)
        {
            return null;
        }

        var fields = PackedFields.Unpack(hash);
        string? Text(string name) => fields.TryGetValue(name, out var value) && !value.IsNullOrEmpty ? (string?)value : null;
        DateTimeOffset? Time(string name) =>
            fields.TryGetValue(name, out var value) && value.TryParse(out long at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

        long Number(string name) => fields.TryGetValue(name, out var value) && value.TryParse(out long number) ? number : 0;
        DateTimeOffset? Moment(string name) => Text(name) is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null;

        return new Dialog(
            key,
            Text("site") ?? "",
            WireNames.ToDialogMode(Text("mode")),
            Text("guest") ?? "",
            Time("created") ?? DateTimeOffset.UnixEpoch,
            Text("listed") == "1",
            WireNames.ToHandoffState(Text("handoff")),
            Text("operator"),
            Text("operator_name"),
            Time("handoff_at"),
            ToSummary(Text("last_seq"), Text("last")))
        {
            Visitor = VisitorJson.ToProfile(Text("name"), Text("email"), Text("locale")),
            Page = VisitorJson.ToPage(Text("page")),
            StartedPage = VisitorJson.ToPage(Text("started_page")),
            UserAgent = VisitorJson.ToText(Text("agent")),
            Read = new ReadMarks(Number("read_user"), Number("read_manager"), Number("read_assistant")),
            RequestedAt = Moment("requested"),
            AskedAt = Moment("asked"),
            IsUnassisted = Text("unassisted") == "1",
        };
    }

    // The feed entry's tail as the append script stored it: JSON less its opening brace.
    private static DialogSummary? ToSummary(string? seq, string? tail)
    {
        if (seq is null || tail is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse("{" + tail);
        var root = json.RootElement;
        return new DialogSummary(
            long.Parse(seq, CultureInfo.InvariantCulture),
            root.GetProperty("event").GetString()!,
            root.GetProperty("sender").GetString()!,
            root.GetProperty("preview").GetString()!,
            root.GetProperty("timestamp").GetDateTimeOffset());
    }
}
