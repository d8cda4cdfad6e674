using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Console;

/// <summary>A visitor without a browser: says things by HTTP, types and reads by a socket.</summary>
internal sealed class Guest : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _socketAddress;
    private readonly string _cursor;
    private ReplyXConnection? _socket;

    private Guest(HttpClient http, string name, JsonElement started)
    {
        _http = http;
        Name = name;
        Id = started.GetProperty("id").GetInt64();
        _socketAddress = new Uri(started.GetProperty("realtime_url").GetString()!);
        _cursor = started.GetProperty("cursor").GetString()!;
        Token = started.GetProperty("token").GetString()!;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public long Id { get; }

    public string Name { get; }

    private string Token { get; }

    public static async Task<Guest> ComeAsync(
        BrowserGraph graph, string name, string? email = null, string? page = null, string? title = null, string assistantId = "demo")
    {
        var http = new HttpClient { BaseAddress = graph.Api };
        var started = await PostAsync(http, "/api/widget/dialogs", new
        {
            assistant_id = assistantId,
            visitor = new { name, email },
            page = new { url = page ?? "https://shop.example/kettles", title = title ?? "Kettles" },
            locale = "en-GB",
        });
        return new Guest(http, name, started);
    }

    /// <returns>The message's number.</returns>
    public async Task<long> SayAsync(string text)
    {
        var sent = await PostAsync(_http, $"/api/widget/dialogs/{Id}/messages", new { text, client_id = Guid.NewGuid().ToString("N") });
        return sent.GetProperty("user_message").GetProperty("seq").GetInt64();
    }

    public Task AskForPersonAsync() => PostAsync(_http, $"/api/dialogs/{Id}/handoff/request", new { });

    public async Task IntroduceAsync(string name) =>
        (await _http.PutAsJsonAsync($"/api/widget/dialogs/{Id}/visitor", new { name }, TestTimeout.Token())).EnsureSuccessStatusCode();

    public async Task TypeAsync(bool isTyping = true) => Assert.True(await (await SocketAsync()).SendTypingAsync(isTyping));

    public async Task ReadAsync(long seq) => Assert.True(await (await SocketAsync()).MarkReadAsync(seq));

    /// <summary>The next event that fits, as the visitor's socket brings it.</summary>
    public async Task<T> HearAsync<T>(Func<T, bool> fits)
        where T : ReplyXEvent
    {
        await foreach (var next in (await SocketAsync()).ReadEventsAsync(TestTimeout.Token()))
        {
            if (next is T event_ && fits(event_))
            {
                return event_;
            }
        }

        throw new InvalidOperationException("The socket ended.");
    }

    public async Task<ReplyXConnection> SocketAsync()
    {
        if (_socket is null)
        {
            _socket = new ReplyXConnection(new ReplyXConnectionOptions
            {
                Url = _socketAddress,
                TokenProvider = (_, _) => ValueTask.FromResult<string?>(Token),
                Cursor = EventCursor.TryParse(_cursor, null, out var cursor) ? cursor : null,
            });
            await _socket.ConnectAsync(TestTimeout.Token());
        }

        return _socket;
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }

        _http.Dispose();
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, TestTimeout.Token());
        var text = await answer.Content.ReadAsStringAsync(TestTimeout.Token());
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
