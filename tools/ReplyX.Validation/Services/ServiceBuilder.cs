using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Realtime;
using StackExchange.Redis;

namespace ReplyX.Validation.Services;

/// <summary>Puts the services together as their programs do, and starts nothing.</summary>
internal static class ServiceBuilder
{
    private static readonly Dictionary<string, string?> _settings = new()
    {
        ["ConnectionStrings:redis"] = "localhost:6379",
        ["Tokens:SigningKey"] = "a key that only this process ever uses",
        ["Origins:ChatHosts:0"] = "https://chat.example.com",
        ["Demo:OperatorPassword"] = "a password that opens nothing",
        ["Realtime:PublicUrl"] = "https://realtime.example.com",
    };

    public static WebApplication Realtime(string root)
    {
        var builder = Prepare(root, "ReplyX.Realtime");
        builder.AddRealtime();
        var app = builder.Build();
        app.MapRealtime();
        return app;
    }

    public static WebApplication Api(string root) => ReplyX.Api.Program.Build(Prepare(root, "ReplyX.Api"));

    // In development a service has all that it ever answers, the pages for developers too.
    private static WebApplicationBuilder Prepare(string root, string name)
    {
        var folder = Path.Combine(root, name);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = name,
            EnvironmentName = Environments.Development,
            ContentRootPath = Directory.Exists(folder) ? folder : root,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Logging.ClearProviders();

        // Behind all that the service registers itself: the last registration is taken.
        builder.Host.ConfigureContainer<IServiceCollection>(services => services
            .AddSingleton(_ => NoRedis.Connection)
            .AddSingleton(_ => new ConfigurationOptions()));
        return builder;
    }
}
