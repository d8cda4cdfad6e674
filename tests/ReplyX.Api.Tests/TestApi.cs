using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;
using StackExchange.Redis;

namespace ReplyX.Api.Tests;

/// <summary>The service as Program builds it, on a port of its own, with all that it logs kept.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    public const string DemoPassword = "a-password-of-the-demo";
    private const string SigningKey = "a-signing-key-that-is-only-for-tests-0123456789";

    private readonly WebApplication _app;

    private TestApi(WebApplication app, LogLines logs)
    {
        _app = app;
        Logs = logs;
        Root = new Uri(app.Urls.Single());
        // Cookies are a test's own to send.
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, UseCookies = false };
        Http = new HttpClient(handler) { BaseAddress = Root, Timeout = TestTimeout.Default };
    }

    public Uri Root { get; }

    public HttpClient Http { get; }

    public LogLines Logs { get; }

    public IServiceProvider Services => _app.Services;

    public AccountDirectory Accounts => Services.GetRequiredService<AccountDirectory>();

    public DialogLog Log => Services.GetRequiredService<DialogLog>();

    /// <summary>Waits until lists have heard of all that was appended to a dialog, where that is spread (Messaging:SpreadDialogs).</summary>
    public async Task UntilToldAsync(long dialog)
    {
        if ((dialog & 1) == 0)
        {
            var database = Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
            while (await database.ListLengthAsync($"{{/{dialog / 2 % StreamKey.Partitions}}}:outbox") > 0)
            {
                await Task.Delay(2, TestTimeout.Token());
            }
        }
    }

    public TokenService Tokens => Services.GetRequiredService<TokenService>();

    /// <summary>The service's key.</summary>
    public static SigningCredentials Signing
    {
        get
        {
            var key = Encoding.UTF8.GetBytes(SigningKey);
            return new SigningCredentials(
                new SymmetricSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)) },
                SecurityAlgorithms.HmacSha256);
        }
    }

    /// <summary>Signs with the service's key by another clock.</summary>
    public static TokenService TokensAt(TimeProvider time) => new(Options.Create(new TokenOptions { SigningKey = SigningKey }), time);

    public static async Task<TestApi> StartAsync(
        string redis, IReadOnlyDictionary<string, string?>? settings = null, string environment = "Development")
    {
        var logs = new LogLines();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "ReplyX.Api",
            EnvironmentName = environment,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = redis,
            ["Tokens:SigningKey"] = SigningKey,
            ["Demo:OperatorPassword"] = DemoPassword,
            ["Realtime:PublicUrl"] = "http://localhost:5090",
            // Services on one Redis do each other's jobs: those that a test is about does its own.
            ["Data:PollInterval"] = "01:00:00",
            ["Limits:Guest:Burst"] = "100000",
            ["Limits:Operator:Burst"] = "100000",
            ["Limits:Address:Burst"] = "100000",
            ["Limits:NewGuests:Burst"] = "100000",
            ["Limits:SignIn:Burst"] = "100000",
            ["Limits:SignInAddress:Burst"] = "100000",
            ["Limits:SignInLogin:Burst"] = "100000",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter((_, _) => true);
        var app = Program.Build(builder);
        try
        {
            await app.StartAsync(TestTimeout.Token());
            return new TestApi(app, logs);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>An account of the test's own: a site with an assistant, and operators with <see cref="DemoPassword"/>.</summary>
    public async Task<TestAccount> NewAccountAsync(string welcome = "Welcome!")
    {
        var id = "t" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var site = new Site(id, "shop", "The shop", $"assistant-{id}", welcome, ["http://localhost"], DirectClient: false, TokenVersion: 1);
        await Accounts.SaveSiteAsync(site, TestTimeout.Token());
        return new TestAccount(this, site);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
