using System.Buffers;
using System.Text;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Messages;

/// <summary>
/// A message as sockets get it, in a member of that name, with 201 if this request appended it, or 200 if an earlier one did. Its bytes
/// are written as they are in the log.
/// </summary>
internal sealed class SentResult(string member, AppendResult sent) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var payload = sent.Entry.Payload;
        response.StatusCode = sent.Outcome == AppendOutcome.Appended ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = "{\"\":}".Length + member.Length + payload.Length;

        var body = response.BodyWriter;
        body.Write("{\""u8);
        Encoding.ASCII.GetBytes(member, body);
        body.Write("\":"u8);
        body.Write(payload.Span);
        body.Write("}"u8);
        await body.FlushAsync(httpContext.RequestAborted);
    }
}
