using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Messages;

/// <summary>A message as sockets get it, with 201 if this request appended it, or 200 if an earlier one did.</summary>
internal sealed class SentResult(string member, AppendResult sent) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => EventResult.WriteAsync(
        httpContext,
        sent.Outcome == AppendOutcome.Appended ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        json =>
        {
            json.WritePropertyName(member);
            json.WriteEvent(sent.Entry.Payload);
        });
}
