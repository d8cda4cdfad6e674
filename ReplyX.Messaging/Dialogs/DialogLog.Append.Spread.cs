using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
    private static readonly RedisScript _appendSpread = RedisScript.Load("Dialogs.append_spread");

    private async Task<AppendResult> AppendSpreadAsync(
        StreamKey dialog, DialogOwner owner, Append append, Activity? activity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tears = await _redis.TearsScriptsAsync(cancellationToken);
        var nonce = NewNonce();
        var time = now.ToUnixTimeMilliseconds();
        RedisKey[] keys =
        [
            RedisKeys.Log(dialog),
            RedisKeys.Dialog(dialog),
            RedisKeys.Outbox(dialog.Partition),
            RedisKeys.ReadMarks(dialog),
            .. _keys.GetSearched(dialog, now),
        ];
        RedisValue head = EventText.Head(append.Type, dialog.DialogId);
        RedisValue afterCursor = (byte[])[.. Encoding.ASCII.GetBytes($"-{nonce}\","), .. append.Tail.Span];
        var stamp = string.Create(CultureInfo.InvariantCulture, $" {nonce} {time}");
        var trace = activity is { Recorded: true } ? activity.Id : "";
        RedisValue[] arguments =
        [
            append.Key.Text,
            append.Hash,
            stamp,
            head,
            afterCursor,
            string.Create(CultureInfo.InvariantCulture, $"{dialog.Account} {dialog.DialogId} {append.Sender.ToWire()}"),
            owner.ToField(),
            $"{(append.Lists ? "l" : "")}{(IsReadByTeam(append) ? "r" : "")}{(tears ? "t" : "")}{(trace?.Length > 0 ? "x" : "")}",
            string.Create(CultureInfo.InvariantCulture, $" {_keys.GetNumber(now)} "),
            string.Create(CultureInfo.InvariantCulture, $"{(long)_options.UnlistedLifetime.TotalSeconds} {_keys.SecondsKeptFromFirst} {trace}"),
            .. await ConditionsAsync(dialog, append, now, cancellationToken),
        ];

        var (reply, isReplicated) = await _redis.EvaluateReplicatedAsync(_appendSpread, keys, arguments, cancellationToken);
        if (reply is [var appended])
        {
            return Appended(dialog, owner, append, appended, nonce, time, head, afterCursor, isReplicated);
        }

        var (outcome, state) = reply is [var word, var handoff, _] ? (OutcomeOf(word), handoff) : throw RedisGateway.MismatchedReply();
        LogEntry entry = default;
        if (outcome is AppendOutcome.Duplicate or AppendOutcome.KeyConflict
            && !(LogEntry.TryParse((byte[])reply[2]!, out entry) && entry.Key == append.Key.Text && entry.IsOf(dialog)))
        {
            throw RedisGateway.MismatchedReply();
        }

        if (outcome == AppendOutcome.Duplicate)
        {
            // What the earlier try has noted, whoever it was that tried.
            _projection.Hint(dialog.Partition);
        }

        ThrowIfUnreplicated(outcome, isReplicated);
        return new AppendResult(outcome, entry, WireNames.ToHandoffState((string?)state));
    }

    // The entry is as the script has put it together: it need not be sent back.
    private AppendResult Appended(
        StreamKey dialog, DialogOwner owner, Append append, RedisResult reply, string nonce, long time, RedisValue head, RedisValue afterCursor, bool isReplicated)
    {
        var words = ((string?)reply ?? "").Split(' ', 9);
        if (words.Length is not (5 or 9) || words[1] != nonce
            || !long.TryParse(words[0], CultureInfo.InvariantCulture, out var seq) || !long.TryParse(words[3], CultureInfo.InvariantCulture, out var length))
        {
            throw RedisGateway.MismatchedReply();
        }

        byte[] raw =
        [
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seq} {nonce} {time} {append.Key.Text}\n")),
            .. (byte[])head!,
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"id\":{seq},\"seq\":{seq},\"cursor\":\"{seq}")),
            .. (byte[])afterCursor!,
        ];
        var handoff = words[4];
        if (words is [.., var isNew, var before, var readUpTo, var requestedAt] and { Length: 9 })
        {
            _projection.Add(new AppendedEvent(
                new OutboxEntry(dialog, append.Sender.ToWire(), seq, nonce, time, isNew == "1"),
                string.Create(CultureInfo.InvariantCulture, $"{seq - 1} {before}"),
                owner,
                append.Type,
                handoff,
                IsReadByTeam(append) ? seq : long.TryParse(readUpTo, CultureInfo.InvariantCulture, out var read) ? read : 0,
                handoff != HandoffState.Requested.ToWire() ? ""
                    : append.Becomes == handoff ? EventTimestamp.Format(DateTimeOffset.FromUnixTimeMilliseconds(time))
                    : requestedAt,
                append.Becomes == HandoffState.Active.ToWire() ? (append.Holder, append.HolderName) : null,
                append.FeedTail));
        }

        _archiving.Hint(dialog, length);
        ThrowIfUnreplicated(AppendOutcome.Appended, isReplicated);
        return new AppendResult(AppendOutcome.Appended, LogEntry.Parse(raw), WireNames.ToHandoffState(handoff));
    }

    // What an operator writes, or takes over, the team has read.
    private static bool IsReadByTeam(Append append) =>
        append.Sender == Sender.Manager && (append.Type == "message" || append.Becomes == HandoffState.Active.ToWire());

    // What is asked of the handoff's state, and what it becomes. Of a visitor's message nothing is.
    private async ValueTask<IEnumerable<RedisValue>> ConditionsAsync(
        StreamKey dialog, Append append, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (append is { AllowedStates: "", Becomes: "", Holder: "" })
        {
            return [];
        }

        var (isOwner, removed) = append.Becomes == HandoffState.Released.ToWire() ? await GetReleaseAsync(dialog, append.By, cancellationToken) : default;
        return
        [
            append.AllowedStates, append.Becomes, append.Holder, append.By, isOwner ? "1" : "0", removed ?? "", .. FieldsAfter(append, now),
        ];
    }

    // How the dialog stands after a step of the handoff.
    private static IEnumerable<RedisValue> FieldsAfter(Append append, DateTimeOffset now)
    {
        if (append.Becomes.Length == 0)
        {
            yield break;
        }

        yield return "handoff";
        yield return append.Becomes;
        yield return "operator";
        yield return append.Holder;
        yield return "operator_name";
        yield return append.HolderName;
        yield return "handoff_by";
        yield return append.Sender.ToWire();
        yield return "handoff_at";
        yield return now.ToUnixTimeMilliseconds();
        if (append.Becomes == HandoffState.Requested.ToWire())
        {
            yield return "requested";
            yield return EventTimestamp.Format(now);
        }
    }

    /// <summary>
    /// What the script cannot see, since operators are their account's: whether the operator is an owner, and who holds the dialog if that
    /// one is an operator no more.
    /// </summary>
    private async Task<(bool IsOwner, string? Removed)> GetReleaseAsync(StreamKey dialog, string by, CancellationToken cancellationToken)
    {
        string? holder = await _redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.Dialog(dialog), "operator"), cancellationToken);
        var people = await _redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.Operators(dialog.Account), [by, holder ?? ""]), cancellationToken);
        return (IsOwner(people[0]), people[1].IsNull ? holder : null);
    }

    private static bool IsOwner(RedisValue person)
    {
        if (person.IsNull)
        {
            return false;
        }

        using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)person);
        return json.RootElement.TryGetProperty("role", out var role) && role.ValueEquals("owner"u8);
    }
}
