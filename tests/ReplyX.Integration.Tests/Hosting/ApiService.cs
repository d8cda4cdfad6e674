using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>The HTTP API in the test's process, as Program builds it.</summary>
internal sealed class ApiService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiService(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static Task<ApiService> StartAsync(RedisServer redis, params (string Key, string Value)[] settings) =>
        StartAsync(redis.ConnectionString, settings);

    public static async Task<ApiService> StartAsync(string redis, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "ReplyX.Api",
            EnvironmentName = Environments.Development,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = redis,
            ["Tokens:SigningKey"] = "a key for tests that is long enough",
            ["Demo:OperatorPassword"] = "a-password-of-the-demo",
            ["Realtime:PublicUrl"] = "http://localhost:5090",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.Logging.ClearProviders();
        var app = Api.Program.Build(builder);
        await app.StartAsync(TestTimeout.Token());
        return new ApiService(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
