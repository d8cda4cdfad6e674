using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ReplyX.Api.Limits;

namespace ReplyX.Api.Json;

/// <summary>Reads a whole body, up to the limit, and parses it strictly. An error is returned as a problem, not thrown.</summary>
internal static class JsonBodyReader
{
    public static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpContext context, bool optional)
        where T : class
    {
        var request = context.Request;
        var limit = BodyLimitMetadata.Of(
            context, context.RequestServices.GetRequiredService<IOptions<RequestLimitOptions>>().Value.MaxBodyBytes);
        var body = request.BodyReader;
        while (true)
        {
            // Without a token: a connection that breaks ends the reading by itself, and one that is cancelled stays begun.
            var read = await body.ReadAsync(CancellationToken.None);
            if (read.Buffer.Length > limit)
            {
                body.AdvanceTo(read.Buffer.End);
                return (null, Problem.BodyTooLarge with { Detail = $"The most is {limit} bytes." });
            }

            if (read.IsCompleted)
            {
                try
                {
                    return Parse<T>(request, read.Buffer, optional);
                }
                finally
                {
                    body.AdvanceTo(read.Buffer.End);
                }
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (T? Value, Problem? Problem) Parse<T>(HttpRequest request, ReadOnlySequence<byte> bytes, bool optional)
        where T : class
    {
        if (bytes.IsEmpty && optional)
        {
            return (null, null);
        }

        if (!IsJson(request))
        {
            return (null, Problem.UnsupportedMediaType);
        }

        if (!IsWellFormed(bytes))
        {
            return (null, Problem.InvalidJson with { Detail = "It is not well-formed JSON, or nested too deeply." });
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, ReaderOptions);
            var type = (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!;
            return JsonSerializer.Deserialize(ref reader, type) is { } value
                ? (value, null)
                : (null, Problem.InvalidJson with { Detail = "It has to be an object." });
        }
        catch (JsonException exception)
        {
            // The exception's own message is not shown: it names internal types.
            var field = exception.Path is { Length: > 2 and < 64 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
            return (null, Problem.InvalidJson with
            {
                Field = field,
                Detail = field is null
                    ? "It has to be an object, with every member once and text that is valid Unicode."
                    : "A member is of another type, there twice, or not valid Unicode.",
            });
        }
    }

    private static JsonReaderOptions ReaderOptions => new() { MaxDepth = ApiJson.MaxDepth };

    private static bool IsWellFormed(ReadOnlySequence<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, ReaderOptions);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && !request.Headers.ContentEncoding.Equals("identity"))
        {
            return false;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                    && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
