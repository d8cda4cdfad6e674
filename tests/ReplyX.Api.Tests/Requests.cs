using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace ReplyX.Api.Tests;

internal static class Requests
{
    public static Task<Answer> GetAsync(this TestApi api, string path, string? token = null) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Get, path), token);

    public static Task<Answer> PostAsync(this TestApi api, string path, object? body, string? token = null) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) }, token);

    public static Task<Answer> PatchAsync(this TestApi api, string path, object body, string? token = null) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) }, token);

    public static Task<Answer> DeleteAsync(this TestApi api, string path, string? token = null) =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), token);

    /// <summary>Posts as a page does that is known by its cookie.</summary>
    public static Task<Answer> PostWithCookieAsync(
        this TestApi api, string path, string session, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Cookie", $"replyx_session={session}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return api.SendAsync(request);
    }

    /// <summary>Sends a body as it is.</summary>
    public static Task<Answer> PostTextAsync(
        this TestApi api, string path, string body, string? token = null, string contentType = "application/json") =>
        api.PostBytesAsync(path, Encoding.UTF8.GetBytes(body), token, contentType);

    public static Task<Answer> PostBytesAsync(
        this TestApi api, string path, byte[] body, string? token = null, string contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return api.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, token);
    }

    public static async Task<Answer> SendAsync(this TestApi api, HttpRequestMessage request, string? token = null)
    {
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using (request)
        {
            using var response = await api.Http.SendAsync(request, TestTimeout.Token());
            return new Answer(
                response.StatusCode,
                response.Headers,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsStringAsync(TestTimeout.Token()));
        }
    }
}
