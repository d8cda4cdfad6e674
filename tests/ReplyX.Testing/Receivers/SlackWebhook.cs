using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReplyX.Testing;

/// <summary>An incoming webhook, whose path is the secret.</summary>
public sealed class SlackWebhook : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SlackWebhook(WebApplication app) => _app = app;

    public const string Secret = "webhook-that-nobody-may-see";

    public string Url => $"{_app.Urls.Single()}/services/{Secret}";

    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>Whether its secret stood in the arguments of a process while it was told something.</summary>
    public bool WasSeen { get; private set; }

    public static async Task<SlackWebhook> StartAsync(int status = 200)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var slack = new SlackWebhook(app);
        app.MapPost($"/services/{Secret}", async (HttpContext context) =>
        {
            slack.WasSeen |= OperatingSystem.IsLinux() && ProcessArguments.Find([Secret]).Count > 0;
            using var reader = new StreamReader(context.Request.Body);
            slack.Messages.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            return Results.StatusCode(status);
        });
        await app.StartAsync(TestTimeout.Token());
        return slack;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
