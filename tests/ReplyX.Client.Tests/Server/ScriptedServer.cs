using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReplyX.Client.Tests.Server;

/// <summary>
/// A real server on a real port whose sockets follow scripts: each new socket takes the next script, and the last ones follow
/// <see cref="ByDefault"/>. A script that throws fails the test that disposes of the server.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripts = new();
    private readonly ConcurrentQueue<Exception> _faults = new();

    private ScriptedServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
        ByDefault = BehaveAsync;
    }

    public DialogLog Log { get; } = new();

    /// <summary>Sockets and attempts at them, in order.</summary>
    public ConcurrentQueue<ServerSocket> Sockets { get; } = new();

    public Func<ServerSocket, Task> ByDefault { get; set; }

    /// <summary>Answers calls that are no sockets.</summary>
    public Func<HttpContext, Task>? Http { get; set; }

    public Uri Root => new(_app.Urls.First());

    public Uri Dialog => new(Root, "ws/dialogs/7");

    public static async Task<ScriptedServer> StartAsync()
    {
        var server = new ScriptedServer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The script of the next socket.</summary>
    public ScriptedServer Then(Func<ServerSocket, Task> script)
    {
        _scripts.Enqueue(context => AcceptAsync(context, script));
        return this;
    }

    /// <summary>Refuses the next attempt before the upgrade.</summary>
    public ScriptedServer ThenRefuse(int status, string? retryAfter = null)
    {
        _scripts.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            return Task.CompletedTask;
        });
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await Wait.For(_app.DisposeAsync().AsTask(), "the end of the server");
        if (_faults.TryDequeue(out var fault))
        {
            Assert.Fail($"A script failed: {fault}");
        }
    }

    /// <summary>What the real server does: greets, replays what the cursor misses, then sends what is appended and stores what is sent.</summary>
    public async Task BehaveAsync(ServerSocket socket)
    {
        var missed = Log.After(socket.Cursor);
        var head = Log.Head;
        await socket.GreetAsync(missed is not null, missed is null ? head : socket.Cursor!);
        var at = missed is null ? EventCursor.Parse(head).Seq : EventCursor.Parse(socket.Cursor!).Seq;
        using var gone = new CancellationTokenSource();
        var sending = Task.Run(
            async () =>
            {
                while (!gone.IsCancellationRequested)
                {
                    var grown = Log.Grown;
                    foreach (var entry in Log.Above(at))
                    {
                        await socket.SendAsync(entry.Json);
                        at = entry.Seq;
                    }

                    await Task.WhenAny(grown, Task.Delay(Timeout.Infinite, gone.Token));
                }
            },
            TestContext.Current.CancellationToken);
        while (await socket.ReceiveAsync() is { } text)
        {
            if (text == "__ping__")
            {
                await socket.SendAsync("__pong__");
                continue;
            }

            using var frame = System.Text.Json.JsonDocument.Parse(text);
            if (frame.RootElement.GetProperty("type").GetString() == "message")
            {
                var key = frame.RootElement.GetProperty("client_id").GetString()!;
                var count = Log.Entries.Count;
                var entry = Log.Append(frame.RootElement.GetProperty("text").GetString()!, key);
                await socket.AckAsync(key, entry, duplicate: Log.Entries.Count == count);
            }
        }

        await gone.CancelAsync();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/ws"))
        {
            context.Response.StatusCode = Http is null ? 404 : 200;
            await (Http?.Invoke(context) ?? Task.CompletedTask);
            return;
        }

        await (_scripts.TryDequeue(out var script) ? script(context) : AcceptAsync(context, ByDefault));
    }

    private async Task AcceptAsync(HttpContext context, Func<ServerSocket, Task> script)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("replyx.v1");
        var token = context.WebSockets.WebSocketRequestedProtocols.Single(p => p.StartsWith("replyx.token.", StringComparison.Ordinal));
        var end = new ServerSocket(
            socket,
            context.Request.Path,
            context.Request.Query["cursor"].SingleOrDefault(),
            token["replyx.token.".Length..],
            context.Request.QueryString.Value ?? "");
        Sockets.Enqueue(end);
        try
        {
            await script(end);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or IOException)
        {
            // The client went away in the middle of a script.
        }
        catch (Exception e)
        {
            _faults.Enqueue(e);
        }
    }
}
