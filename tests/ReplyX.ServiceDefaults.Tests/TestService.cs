using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>A service with the defaults, on a real port, that keeps its logs and spans: it is told of a collector, which is not there.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestService(WebApplication app, LogLines logs, Spans spans)
    {
        _app = app;
        Logs = logs;
        Spans = spans;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public LogLines Logs { get; }

    public Spans Spans { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestService> StartAsync(
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        string environment = "Development")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment, ApplicationName = "TestService" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Spans.NoCollector });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();

        var logs = new LogLines();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.AddServiceDefaults();
        var spans = new Spans();
        spans.AddTo(builder);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseWebSockets();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new TestService(app, logs, spans);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
