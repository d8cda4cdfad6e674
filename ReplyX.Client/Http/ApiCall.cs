using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReplyX.Client;

/// <summary>A call to the Api, from which the request of each attempt is made.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query under the Api's root.</param>
/// <param name="Token">The bearer token, if the call needs one.</param>
/// <param name="Repeatable">Whether making it twice is the same as making it once.</param>
internal sealed record ApiCall(HttpMethod Method, string Path, string? Token, bool Repeatable)
{
    private byte[]? Body { get; init; }

    internal static ApiCall Get(string path, string? token) => new(HttpMethod.Get, path, token, Repeatable: true);

    internal static ApiCall Post(string path, string? token, bool repeatable) => new(HttpMethod.Post, path, token, repeatable);

    internal static ApiCall Put(string path, string? token) => new(HttpMethod.Put, path, token, Repeatable: true);

    internal ApiCall With<T>(T body, JsonTypeInfo<T> shape) => this with { Body = JsonSerializer.SerializeToUtf8Bytes(body, shape) };

    internal HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Path);
        if (Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        return request;
    }
}
