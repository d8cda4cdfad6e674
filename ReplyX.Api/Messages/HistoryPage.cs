using System.Buffers;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Messages;

/// <summary>A page of a dialog's events; <see cref="MessagePage"/> is its shape.</summary>
/// <remarks>
/// Events are written one by one as the client reads them, and the page is never copied as a whole. A client that reads nothing occupies
/// the page itself and the server's response buffer (64 KiB).
/// </remarks>
internal sealed record HistoryPage(IReadOnlyList<LogEntry> Entries, Cursor Cursor, bool HasMore)
    : IResult, IEndpointMetadataProvider
{
    // Short events share a flush, since each flush is a system call.
    private const int FlushThreshold = 16 * 1024;

    public bool Reset { get; init; }

    /// <summary>How far each side had read before the events were.</summary>
    public ReadMarks Read { get; init; }

    private static ReadOnlySpan<byte> Head => "{\"items\":["u8;

    private static ReadOnlySpan<byte> Separator => ","u8;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var tail = Encoding.ASCII.GetBytes(
            $"],\"cursor\":\"{Cursor}\",\"has_more\":{(HasMore ? "true" : "false")}{(Reset ? ",\"reset\":true" : "")}"
            + $",\"read\":{{\"user\":{Read.User},\"manager\":{Read.Manager},\"assistant\":{Read.Assistant}}}}}");
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Head.Length
            + Entries.Sum(entry => (long)entry.Payload.Length + Separator.Length) - (Entries.Count == 0 ? 0 : Separator.Length)
            + tail.Length;

        var body = response.BodyWriter;
        body.Write(Head);
        var unflushed = Head.Length;
        for (var i = 0; i < Entries.Count; i++)
        {
            if (i > 0)
            {
                body.Write(Separator);
            }

            var payload = Entries[i].Payload;
            body.Write(payload.Span);
            unflushed += payload.Length;
            if (unflushed >= FlushThreshold)
            {
                unflushed = 0;
                if ((await body.FlushAsync(httpContext.RequestAborted)).IsCompleted)
                {
                    // The client has closed the connection.
                    return;
                }
            }
        }

        body.Write(tail);
        await body.FlushAsync(httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(MessagePage), ["application/json"]));
}
