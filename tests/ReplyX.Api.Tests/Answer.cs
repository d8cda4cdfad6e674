using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ReplyX.Api.Tests;

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Code => ContentType == "application/problem+json" ? Json.GetProperty("code").GetString() : null;

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>Asserts that it is a problem as docs/http.md has it.</summary>
    public Answer IsProblem(int status, string code)
    {
        Assert.True((int)Status == status && Code == code, $"expected {status} {code}, got {this}");
        Assert.Equal($"https://replyx.dev/problems/{code}", Json.GetProperty("type").GetString());
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("trace_id").GetString()!);
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.Equal(status == 401, Headers.WwwAuthenticate.Count > 0);
        Assert.Equal(status is 429 or 503, Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        return this;
    }

    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"expected {status}, got {this}");
        return this;
    }

    /// <summary>The session cookie that the answer sets; empty where it takes one away, null where it sets none.</summary>
    public string? Session => SessionCookie is { } cookie ? cookie.Split(';')[0]["replyx_session=".Length..] : null;

    public string? SessionCookie => Headers.TryGetValues("Set-Cookie", out var cookies)
        ? cookies.SingleOrDefault(cookie => cookie.StartsWith("replyx_session=", StringComparison.Ordinal))
        : null;

    public string Token => Json.GetProperty("token").GetString()!;

    public override string ToString() => $"{(int)Status} {ContentType} {(Text.Length > 600 ? Text[..600] : Text)}";
}
