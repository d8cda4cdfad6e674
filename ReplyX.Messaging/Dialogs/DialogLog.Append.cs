using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
    // Why a person is asked for where no visitor asked: an operator is about to take over.
    private const string OperatorAsks = "operator";

    private static readonly RedisScript _append = RedisScript.Load("Dialogs.append");

    // States in which a machine may speak: all but active. Spaces on both sides, since the script looks for whole words.
    private const string AssistantStates = " none requested released cancelled ";

    /// <summary>Appends a message once. A retry with the same key and text returns what the first try appended.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="owner">Whose dialog it is. If it is somebody else's, it is as if there were none.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up waiting; the append may still happen.</param>
    public Task<AppendResult> AppendMessageAsync(
        StreamKey dialog, DialogOwner owner, NewMessage message, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return AppendAsync(
            dialog,
            owner,
            new Append(
                "message",
                message.Key,
                EventText.Hash(message.Sender.ToWire(), message.Text),
                EventText.MessageTail(message.Sender, message.Text, message.Author, message.Key.ClientId, message.ReplyTo, now),
                message.Sender,
                EventText.FeedTail("message", message.Sender, message.Text, now),
                AllowedStates: message.Sender == Sender.Assistant ? AssistantStates : "",
                Holder: message.OperatorId ?? "",
                Lists: message.Sender == Sender.User),
            now,
            cancellationToken);
    }

    /// <summary>Takes a step of the handoff, and tells everybody who watches the dialog, in one.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="owner">Whose dialog it is. If it is somebody else's, it is as if there were none.</param>
    /// <param name="step">The step.</param>
    /// <param name="key">What makes it happen once.</param>
    /// <param name="by">Who takes it: the visitor, or an operator.</param>
    /// <param name="operatorId">The operator who takes it; null if the visitor does.</param>
    /// <param name="operatorName">That operator's display name.</param>
    /// <param name="cancellationToken">Gives up waiting; the step may still happen.</param>
    /// <returns>
    /// <see cref="AppendOutcome.HandoffRefused"/> if the dialog is not in a state that the step starts from;
    /// <see cref="AppendOutcome.HandoffNotYours"/> if it is to be released by an operator who neither holds it nor is an owner.
    /// </returns>
    public Task<AppendResult> AppendHandoffAsync(
        StreamKey dialog,
        DialogOwner owner,
        HandoffStep step,
        IdempotencyKey key,
        Sender by,
        string? operatorId,
        string? operatorName,
        CancellationToken cancellationToken) =>
        AppendHandoffAsync(
            dialog,
            owner,
            step,
            key,
            by,
            operatorId,
            operatorName,
            reason: step == HandoffStep.Request && by == Sender.Manager ? OperatorAsks : null,
            cancellationToken);

    /// <summary>The assistant asks for a human in its place.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="owner">Whose dialog it is. If it is somebody else's, it is as if there were none.</param>
    /// <param name="key">What makes it happen once.</param>
    /// <param name="reason">Why, as the event says it.</param>
    /// <param name="cancellationToken">Gives up waiting; the step may still happen.</param>
    /// <returns><see cref="AppendOutcome.HandoffRefused"/> if a human is asked for already, or there.</returns>
    public Task<AppendResult> AppendHandoverAsync(
        StreamKey dialog, DialogOwner owner, IdempotencyKey key, string reason, CancellationToken cancellationToken) =>
        AppendHandoffAsync(
            dialog, owner, HandoffStep.Request, key, Sender.Assistant, operatorId: null, operatorName: null, reason, cancellationToken);

    private Task<AppendResult> AppendHandoffAsync(
        StreamKey dialog,
        DialogOwner owner,
        HandoffStep step,
        IdempotencyKey key,
        Sender by,
        string? operatorId,
        string? operatorName,
        string? reason,
        CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var (type, allowed, becomes) = step switch
        {
            HandoffStep.Request => ("handoff_requested", " none released cancelled ", HandoffState.Requested),
            HandoffStep.Takeover => ("handoff_started", " requested ", HandoffState.Active),
            HandoffStep.Release => ("handoff_released", " active ", HandoffState.Released),
            HandoffStep.Cancel => ("handoff_cancelled", " requested ", HandoffState.Cancelled),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };

        return AppendAsync(
            dialog,
            owner,
            new Append(
                type,
                key,
                EventText.Hash(type, ""),
                EventText.HandoffTail(becomes, operatorName, reason, now),
                by,
                EventText.FeedTail(type, by, "", now),
                allowed,
                Holder: becomes == HandoffState.Active ? operatorId ?? "" : "",
                Lists: true,
                Becomes: becomes.ToWire(),
                HolderName: becomes == HandoffState.Active ? operatorName ?? "" : "",
                By: operatorId ?? ""),
            now,
            cancellationToken);
    }

    private async Task<AppendResult> AppendAsync(
        StreamKey dialog, DialogOwner owner, Append append, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var activity = MessagingTelemetry.Source.StartActivity("dialog append", ActivityKind.Producer);
        activity?.SetTag("replyx.event", append.Type);
        var begun = _time.GetTimestamp();
        try
        {
            var result = dialog.IsSpread
                ? await AppendSpreadAsync(dialog, owner, append, activity, now, cancellationToken)
                : await AppendInAccountAsync(dialog, owner, append, activity, now, cancellationToken);
            _metrics.Ended(result.Outcome, _time.GetElapsedTime(begun));
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _metrics.Ended(null, _time.GetElapsedTime(begun));
            throw;
        }
    }

    private async Task<AppendResult> AppendInAccountAsync(
        StreamKey dialog, DialogOwner owner, Append append, Activity? activity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RedisKey[] keys =
        [
            RedisKeys.Log(dialog),
            RedisKeys.FlatIdempotencyKeys(dialog),
            RedisKeys.Dialog(dialog),
            RedisKeys.Feed(dialog.Account),
            RedisKeys.DialogIndex(dialog.Account),
            RedisKeys.ReadMarks(dialog),
            RedisKeys.GuestDialogs(dialog.Account, owner.GuestId),
            RedisKeys.OpenDialog(dialog.Account, owner),
            RedisKeys.Operators(dialog.Account),
            RedisKeys.AssistantInbox(new AssistantSite(dialog.Account, owner.SiteId)),
            .. _keys.GetSearched(dialog, now),
        ];
        RedisValue[] arguments =
        [
            NewNonce(),
            now.ToUnixTimeMilliseconds(),
            append.Key.Text,
            append.Hash,
            EventText.Head(append.Type, dialog.DialogId),
            append.Tail,
            activity is { Recorded: true } ? activity.Id : "",
            append.AllowedStates,
            append.Becomes,
            append.Holder,
            append.HolderName,
            append.FeedTail,
            _options.FeedLength,
            append.Lists ? "1" : "0",
            (long)_options.UnlistedLifetime.TotalSeconds,
            RedisKeys.ChannelName(dialog),
            RedisKeys.ChannelName(StreamKey.ForFeed(dialog.Account)),
            dialog.DialogId,
            (long)_options.GuestLifetime.TotalSeconds,
            _keys.SecondsKept,
            now - _startedAt < _options.DeployOverlap ? "1" : "0",
            append.By,
            owner.GuestId,
            owner.SiteId,
            owner.Mode.ToWire(),
        ];

        var (reply, isReplicated) = await _redis.EvaluateReplicatedAsync(_append, keys, arguments, cancellationToken);
        var outcome = reply is [_, _, _, _, _, ..] ? OutcomeOf(reply[0]) : throw RedisGateway.MismatchedReply();

        // An acknowledgement is given for this key in this dialog or not at all.
        LogEntry entry = default;
        if (outcome is AppendOutcome.Appended or AppendOutcome.Duplicate or AppendOutcome.KeyConflict
            && !(LogEntry.TryParse((byte[])reply[1]!, out entry) && entry.Key == append.Key.Text && entry.IsOf(dialog)))
        {
            throw RedisGateway.MismatchedReply();
        }

        _archiving.Hint(dialog, (long)reply[3]);
        if ((long)reply[4] > 0)
        {
            _assistants.Announce(new AssistantSite(dialog.Account, owner.SiteId));
        }

        ThrowIfUnreplicated(outcome, isReplicated);
        return new AppendResult(outcome, entry, WireNames.ToHandoffState((string?)reply[2]));
    }

    // It is in the log, where everybody sees it, and may be lost with the server: its sender sends it again, and then waits again.
    private void ThrowIfUnreplicated(AppendOutcome outcome, bool isReplicated)
    {
        if (!isReplicated && outcome is (AppendOutcome.Appended or AppendOutcome.Duplicate))
        {
            _metrics.Unreplicated();
            throw RedisGateway.NotReplicated();
        }
    }

    private static AppendOutcome OutcomeOf(RedisResult word) => (string?)word switch
    {
        "appended" => AppendOutcome.Appended,
        "duplicate" => AppendOutcome.Duplicate,
        "conflict" => AppendOutcome.KeyConflict,
        "refused" => AppendOutcome.HandoffRefused,
        "not_yours" => AppendOutcome.HandoffNotYours,
        "missing" => AppendOutcome.DialogNotFound,
        _ => throw RedisGateway.MismatchedReply(),
    };

    // 32 random bits: a log that was lost and regrew passes for the old one once in four billion.
    internal static string NewNonce() =>
        RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue).ToString("x8", CultureInfo.InvariantCulture);

    private readonly record struct Append(
        string Type,
        IdempotencyKey Key,
        string Hash,
        ReadOnlyMemory<byte> Tail,
        Sender Sender,
        ReadOnlyMemory<byte> FeedTail,
        string AllowedStates,
        string Holder,
        bool Lists,
        string Becomes = "",
        string HolderName = "",
        string By = "");
}
