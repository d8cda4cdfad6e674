using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A collector that takes what it is sent over OTLP/HTTP, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _taken;

    private OtlpCollector(WebApplication app, ConcurrentQueue<(string Path, byte[] Body)> taken)
    {
        _app = app;
        _taken = taken;
    }

    public string Url => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync()
    {
        var taken = new ConcurrentQueue<(string, byte[])>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            taken.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(TestTimeout.Token());
        return new OtlpCollector(app, taken);
    }

    /// <summary>Whether a signal (<c>traces</c>, <c>metrics</c>, <c>logs</c>) came in with this text in it: protobuf holds strings as they are.</summary>
    public bool Has(string signal, string text) =>
        _taken.Any(taken => taken.Path == $"/v1/{signal}" && taken.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>The exports of a signal, in the order in which they came.</summary>
    public IEnumerable<byte[]> Exports(string signal) => _taken.Where(taken => taken.Path == $"/v1/{signal}").Select(taken => taken.Body);

    public async ValueTask DisposeAsync()
    {
        // Services keep their connections open, and nobody wants to wait for them.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
