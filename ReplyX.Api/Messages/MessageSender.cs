using Microsoft.Extensions.Options;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Messages;

/// <summary>Checks a message and appends it once.</summary>
internal sealed class MessageSender(DialogLog log, ApiMetrics metrics, IOptions<MessagingOptions> options)
{
    /// <summary>Sends to the dialog of the visitor's token. The append finds out whether it is there and still theirs.</summary>
    public async Task<IResult> SendAsync(DialogCaller visitor, SendMessage message, CancellationToken cancellationToken) =>
        Check(visitor, message.Text, message.ClientId, out var key)
            ?? await AppendAsync(
                visitor.Claims.Dialog, visitor.Owner, new NewMessage(key, Sender.User, message.Text!), "user_message", cancellationToken);

    public async Task<IResult> SendAsync(
        Dialog dialog, OperatorCaller person, SendOperatorMessage message, CancellationToken cancellationToken)
    {
        var problem = Check(person, message.Text, message.ClientId, out var key);
        return (problem, message.Sender) switch
        {
            (not null, _) => problem,
            (_, null or "manager") => await AppendAsync(
                dialog.Key,
                dialog.Owner,
                new NewMessage(key, Sender.Manager, message.Text!, person.Claims.Name, person.Claims.OperatorId),
                "message",
                cancellationToken),
            (_, "assistant") => await AppendAsync(
                dialog.Key, dialog.Owner, new NewMessage(key, Sender.Assistant, message.Text!), "message", cancellationToken),
            _ => Problem.Member("sender", "It is manager or assistant."),
        };
    }

    private Problem? Check(Caller caller, string? text, string? clientId, out IdempotencyKey key)
    {
        key = default;
        var most = options.Value.MaxTextLength;
        if (!MessageText.IsAcceptable(text, most))
        {
            return Problem.Member("text", $"It is needed: not blank, and at most {most} UTF-16 code units.");
        }

        return IdempotencyKey.TryCreate(caller.Name, clientId, out key)
            ? null
            : Problem.Member("client_id", $"It is needed: 1 to {IdempotencyKey.MaxLength} characters of printable ASCII without spaces.");
    }

    private async Task<IResult> AppendAsync(
        StreamKey dialog, DialogOwner owner, NewMessage message, string member, CancellationToken cancellationToken)
    {
        var sent = await log.AppendMessageAsync(dialog, owner, message, cancellationToken);
        switch (sent.Outcome)
        {
            case AppendOutcome.Appended:
                metrics.Accepted(message.Sender);
                return new SentResult(member, sent);
            case AppendOutcome.Duplicate:
                return new SentResult(member, sent);
            case AppendOutcome.KeyConflict:
                return Problem.IdempotencyConflict;
            case AppendOutcome.HandoffRefused:
                return Problem.HandoffActive with { Handoff = sent.Handoff };
            default:
                return Problem.DialogNotFound;
        }
    }
}
