using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Messages;

/// <summary>A page of a dialog's events; <see cref="MessagePage"/> is its shape.</summary>
internal sealed record HistoryPage(IReadOnlyList<LogEntry> Entries, Cursor Cursor, bool HasMore)
    : IResult, IEndpointMetadataProvider
{
    public bool Reset { get; init; }

    public Task ExecuteAsync(HttpContext httpContext) => EventResult.WriteAsync(httpContext, StatusCodes.Status200OK, json =>
    {
        json.WriteStartArray("items"u8);
        foreach (var entry in Entries)
        {
            json.WriteEvent(entry.Payload);
        }

        json.WriteEndArray();
        json.WriteString("cursor"u8, Cursor.ToString());
        json.WriteBoolean("has_more"u8, HasMore);
        if (Reset)
        {
            json.WriteBoolean("reset"u8, true);
        }
    });

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(MessagePage), ["application/json"]));
}
