using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// Answers what waits in one dialog, a message a turn, while the lease of it is this instance's. A message has one answer whatever
/// happens: its key is made of the message's number, so that of two attempts the log takes one.
/// </summary>
internal sealed partial class DialogAnswerer(
    AssistantWork work,
    AssistantDirectory assistants,
    AccountDirectory accounts,
    DialogDirectory dialogs,
    DialogLog log,
    Backplane backplane,
    AnswerGenerator generator,
    AssistantMetrics metrics,
    HandoffMetrics handoffs,
    IOptions<AssistantOptions> options,
    TimeProvider time,
    ILogger<DialogAnswerer> logger)
{
    // Longer than Redis is asked to wait for a script.
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(5);

    private TimeSpan Lease => options.Value.Lease;

    /// <summary>Answers the first message that waits. If more do, the dialog waits for its next turn.</summary>
    public async Task AnswerAsync(AssistantLease lease, CancellationToken cancellationToken)
    {
        metrics.InWork(1);
        try
        {
            await WorkAsync(lease, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(lease, TimeSpan.Zero, counts: false);
        }
        catch (MessagingUnavailableException exception)
        {
            Log.Unavailable(logger, lease.Dialog.ToString(), exception.Message);
            await ReleaseAsync(lease, options.Value.RetryDelay, counts: false);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, lease.Dialog.ToString(), lease.Attempt);
            await ReleaseAsync(lease, options.Value.RetryDelay * lease.Attempt, counts: true);
        }
        finally
        {
            metrics.InWork(-1);
        }
    }

    private async Task WorkAsync(AssistantLease lease, CancellationToken cancellationToken)
    {
        var settings = await assistants.FindAsync(lease.Site, cancellationToken);
        var dialog = await dialogs.FindAsync(lease.Dialog, cancellationToken);
        var site = await accounts.FindSiteAsync(lease.Site.Account, lease.Site.SiteId, cancellationToken);
        if (settings is not { Enabled: true } || dialog is null || site is null)
        {
            await work.SettleAsync(lease, seen: long.MaxValue, from: 0, Lease, cancellationToken);
            return;
        }

        var job = new Job(lease, dialog, site.Name, settings);
        var (from, attempt, isAnswered) = (lease.From, lease.Attempt, false);
        while (true)
        {
            var backlog = await Backlog.ReadAsync(log, lease.Dialog, from, cancellationToken);
            var (seen, resumeAt) = (backlog.Last, backlog.ResumeAt);
            if (backlog.Waiting is [var question, ..])
            {
                if (isAnswered)
                {
                    // Its turn is over, or who never stops writing would keep its place.
                    await work.ReleaseAsync(lease, TimeSpan.Zero, counts: false, cancellationToken);
                    return;
                }

                isAnswered = true;
                switch (await AnswerAsync(job, question, attempt, cancellationToken))
                {
                    case LeaseState.Held:
                        (seen, resumeAt) = (question.Seq, question.Seq + 1);
                        break;
                    case LeaseState.TakenOver:
                        // What waited is the operator's to answer; the log says so behind what was read.
                        break;
                    default:
                        return;
                }
            }

            if (await work.SettleAsync(lease, seen, resumeAt, Lease, cancellationToken) != LeaseState.Held)
            {
                return;
            }

            (from, attempt) = (resumeAt, 1);
        }
    }

    private async Task<LeaseState> AnswerAsync(Job job, Question question, int attempt, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var conversation = await Conversation.ReadAsync(log, job.Dialog.Key, question, options.Value, cancellationToken);
        await using var stream = new AnswerStream(work, backplane, job.Lease, question.Seq, options.Value, time, cancellationToken);
        AnswerResult result;
        try
        {
            result = question.IsHandedOver ? AnswerResult.Requested()
                : attempt > options.Value.MaxAttempts ? AnswerResult.Failed(AnswerFailure.Attempts)
                : await generator.GenerateAsync(
                    job.Lease.Site,
                    job.SiteName,
                    job.Settings,
                    conversation,
                    text => OnText(job, stream, text, startedAt),
                    stream.Token);
        }
        catch (Exception) when (stream.Token.IsCancellationRequested)
        {
            result = AnswerResult.Failed(AnswerFailure.GivenUp);
        }

        var state = await stream.EndAsync(CancellationToken.None);
        if (state != LeaseState.Held)
        {
            await stream.WithdrawAsync(CancellationToken.None);
            metrics.Ended(job.Settings.Kind, state == LeaseState.TakenOver ? "dropped" : "lost", time.GetElapsedTime(startedAt));
            return state;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (result.Failure is { } failure)
        {
            metrics.Failed(job.Settings.Kind, failure);
            Log.NotAnswered(logger, job.Dialog.Key.ToString(), question.Seq, AssistantMetrics.Label(failure));
        }

        var (text, isSaid) = result.Handover is { } reason
            ? await HandOverAsync(job, question, reason, result.Text, conversation, stream, cancellationToken)
            : (result.Text, true);
        var outcome = isSaid ? await SayAsync(job, question, text, cancellationToken) : AppendOutcome.HandoffRefused;
        if (outcome != AppendOutcome.Appended)
        {
            await stream.WithdrawAsync(cancellationToken);
        }

        metrics.Ended(
            job.Settings.Kind,
            outcome switch
            {
                AppendOutcome.Appended when result.Handover is null => "answered",
                AppendOutcome.Appended => "handed_over",
                AppendOutcome.Duplicate or AppendOutcome.KeyConflict => "answered_before",
                _ => "dropped",
            },
            time.GetElapsedTime(startedAt));
        return outcome == AppendOutcome.HandoffRefused ? LeaseState.TakenOver : LeaseState.Held;
    }

    private void OnText(Job job, AnswerStream stream, string text, long startedAt)
    {
        if (stream.IsEmpty)
        {
            metrics.Began(job.Settings.Kind, time.GetElapsedTime(startedAt));
        }

        stream.Add(text);
    }

    // The request comes first: if this instance ends between the two, the next one finds in the log that the word alone is missing.
    private async Task<(string Text, bool MayBeSaid)> HandOverAsync(
        Job job,
        Question question,
        HandoverReason reason,
        string said,
        IReadOnlyList<ChatMessage> conversation,
        AnswerStream stream,
        CancellationToken cancellationToken)
    {
        var asked = await log.AppendHandoverAsync(
            job.Dialog.Key, job.Dialog.Owner, AnswerKeys.Handover(question.Seq), reason.ToWire(), cancellationToken);
        if (asked.Outcome == AppendOutcome.Appended)
        {
            metrics.HandedOver(reason);
            handoffs.Requested();
        }

        if (asked is { Outcome: AppendOutcome.HandoffRefused, Handoff: HandoffState.Active })
        {
            return ("", false);
        }

        if (said.Length > 0)
        {
            return (said, true);
        }

        // What was streamed of an answer that failed is not what is said in the end.
        await stream.WithdrawAsync(cancellationToken);
        var language = VisitorLanguages.Detect(
            conversation.Where(message => message.Role == ChatRole.User).Select(message => message.Text).Reverse());
        return (Sentences.Handover(reason, asked.Outcome == AppendOutcome.HandoffRefused, language), true);
    }

    private async Task<AppendOutcome> SayAsync(Job job, Question question, string text, CancellationToken cancellationToken)
    {
        var said = await log.AppendMessageAsync(
            job.Dialog.Key,
            job.Dialog.Owner,
            new NewMessage(AnswerKeys.Answer(question.Seq), Sender.Assistant, text, ReplyTo: question.Seq),
            cancellationToken);
        return said.Outcome;
    }

    private async Task ReleaseAsync(AssistantLease lease, TimeSpan delay, bool counts)
    {
        using var patience = new CancellationTokenSource(_goodbye, time);
        try
        {
            await work.ReleaseAsync(lease, delay, counts, patience.Token);
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException)
        {
            // The lease runs out.
        }
    }

    private sealed record Job(AssistantLease Lease, Dialog Dialog, string SiteName, AssistantSettings Settings);

    // Texts and what endpoints answer never reach a log.
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The assistant did not answer message {Seq} of {Dialog}: {Reason}; a human is asked")]
        public static partial void NotAnswered(ILogger logger, string dialog, long seq, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Dialog {Dialog} is answered later: {Reason}")]
        public static partial void Unavailable(ILogger logger, string dialog, string reason);

        [LoggerMessage(3, LogLevel.Error, "Answering {Dialog} failed in attempt {Attempt}")]
        public static partial void Failed(ILogger logger, Exception exception, string dialog, int attempt);
    }
}
