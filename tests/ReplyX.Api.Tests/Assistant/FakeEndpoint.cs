using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>An endpoint that speaks OpenAI's chat protocol as a test tells it to.</summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<FakeCall, Task> _answer;
    private readonly Channel<FakeCall> _calls = Channel.CreateUnbounded<FakeCall>();
    private int _count;

    private FakeEndpoint(Func<FakeCall, Task> answer)
    {
        _answer = answer;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public string Url => $"{_app.Urls.Single()}/v1";

    /// <summary>How many requests came.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<FakeEndpoint> StartAsync(Func<FakeCall, Task> answer)
    {
        var endpoint = new FakeEndpoint(answer);
        await endpoint._app.StartAsync(TestTimeout.Token());
        return endpoint;
    }

    /// <summary>Answers every question with what a function says, in words.</summary>
    public static Task<FakeEndpoint> SayingAsync(Func<string, string> answer) =>
        StartAsync(call => call.SayAsync(answer(call.Question)));

    /// <summary>The next request, as soon as it is there.</summary>
    public async Task<FakeCall> NextCallAsync() => await _calls.Reader.ReadAsync(TestTimeout.Token());

    public async ValueTask DisposeAsync()
    {
        using var none = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(none.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        var body = await JsonDocument.ParseAsync(context.Request.Body);
        var call = new FakeCall(context, body.RootElement);
        _calls.Writer.TryWrite(call);
        try
        {
            await _answer(call);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The assistant gave the answer up.
        }
    }
}

/// <summary>One request to a <see cref="FakeEndpoint"/>.</summary>
internal sealed class FakeCall(HttpContext context, JsonElement body)
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JsonElement Body => body;

    public string? Authorization { get; } = context.Request.Headers.Authorization;

    public string Path { get; } = context.Request.Path;

    public IReadOnlyList<(string Role, string Text)> Messages =>
        [.. body.GetProperty("messages").EnumerateArray().Select(message => (message.GetProperty("role").GetString()!, TextOf(message)))];

    public string Question => Messages[^1].Text;

    public CancellationToken GivenUp { get; } = context.RequestAborted;

    /// <summary>Lets the answer go on from where it waits.</summary>
    public void Go() => _go.TrySetResult();

    /// <summary>Waits for <see cref="Go"/>, or until the assistant gives the answer up.</summary>
    public Task WaitAsync() => _go.Task.WaitAsync(GivenUp);

    /// <summary>Waits until the assistant gives the answer up.</summary>
    public async Task IsGivenUpAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = GivenUp.Register(gone.SetResult);
        await gone.Task.WaitAsync(TestTimeout.Default);
    }

    public async Task SayAsync(string text)
    {
        foreach (var word in text.Split(' '))
        {
            await PieceAsync(word == text.Split(' ')[^1] ? word : word + " ");
        }

        await EndAsync();
    }

    public Task PieceAsync(string text) => EventAsync(JsonSerializer.Serialize(new
    {
        id = "c",
        @object = "chat.completion.chunk",
        created = 1,
        model = "fake",
        choices = new[] { new { index = 0, delta = new { role = "assistant", content = text }, finish_reason = (string?)null } },
    }));

    public async Task EndAsync(string reason = "stop")
    {
        await EventAsync(JsonSerializer.Serialize(new
        {
            id = "c",
            @object = "chat.completion.chunk",
            created = 1,
            model = "fake",
            choices = new[] { new { index = 0, delta = new { }, finish_reason = reason } },
        }));
        await EventAsync("[DONE]");
    }

    public Task EventAsync(string data) => RawAsync($"data: {data}\n\n");

    public async Task RawAsync(string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(text, GivenUp);
        await context.Response.Body.FlushAsync(GivenUp);
    }

    public Task FailAsync(int status, string? retryAfter = null)
    {
        context.Response.Headers.RetryAfter = retryAfter;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("{\"error\":{\"message\":\"no\"}}", GivenUp);
    }

    public void Redirect(string location)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = location;
    }

    public void Abort() => context.Abort();

    private static string TextOf(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
        : message.GetProperty("content").GetString()!;
}
