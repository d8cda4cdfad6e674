using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;
using ReplyX.Realtime;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A realtime node in the test's process: the service's own composition, a real server and a real Redis.</summary>
internal sealed class RealtimeNode : IAsyncDisposable
{
    public const string ChatHost = "https://chat.example.com";
    public const string SigningKey = "a key for tests that is long enough";

    private readonly WebApplication _app;

    private RealtimeNode(WebApplication app, LogLines logs)
    {
        _app = app;
        Logs = logs;
    }

    public static Site Site { get; } = new(
        "acme", "shop", "Shop", "shop-assistant", "Welcome!", ["https://*.shop.example"], DirectClient: false, TokenVersion: 1);

    public Uri Url => new(_app.Urls.First());

    public LogLines Logs { get; }

    public DialogLog Log => Service<DialogLog>();

    public DialogDirectory Dialogs => Service<DialogDirectory>();

    public AccountDirectory Accounts => Service<AccountDirectory>();

    public TokenService Tokens => Service<TokenService>();

    public static Task<RealtimeNode> StartAsync(RedisServer redis, params (string Key, string Value)[] settings) =>
        StartAsync(redis, configure: null, settings);

    public static Task<RealtimeNode> StartAsync(
        RedisServer redis, Action<WebApplicationBuilder>? configure, params (string Key, string Value)[] settings) =>
        StartAsync(redis.ConnectionString, configure, settings);

    public static async Task<RealtimeNode> StartAsync(
        string redis, Action<WebApplicationBuilder>? configure, params (string Key, string Value)[] settings)
    {
        var logs = new LogLines();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = redis,
            ["Tokens:SigningKey"] = SigningKey,
            ["Origins:ChatHosts:0"] = ChatHost,
            [Upgrades.Key] = Upgrades.Value,
            ["Realtime:DrainNotice"] = "00:00:00",
            ["Realtime:DrainWindow"] = "00:00:00.5",
            ["Limits:ConnectBurst"] = "10000",
            ["Logging:LogLevel:Default"] = "Trace",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddRealtime();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapRealtime();
        await app.StartAsync(TestTimeout.Token());
        _ = app.WaitForShutdownAsync();
        var node = new RealtimeNode(app, logs);
        await node.Accounts.SaveSiteAsync(Site, TestTimeout.Token());
        foreach (var account in (string[])["acme", "other"])
        {
            await node.Accounts.SaveOperatorAsync(new Operator(account, "anna", $"anna@{account}", "Anna", ""), "secret", TestTimeout.Token());
        }

        return node;
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A new guest's dialog and the token that opens it.</summary>
    public async Task<(StreamKey Dialog, string Token)> OpenDialogAsync(DialogMode mode = DialogMode.Widget)
    {
        var guest = Guid.NewGuid().ToString("N");
        var opened = await Dialogs.OpenAsync(Site, mode, guest, TestTimeout.Token());
        return (opened.Dialog.Key, DialogToken(opened.Dialog.Key, mode, guest));
    }

    public string DialogToken(StreamKey dialog, DialogMode mode, string guest) => Tokens.Issue(new DialogClaims(
        dialog, Site.Id, mode, guest, SiteTokenVersion: mode == DialogMode.Site ? Site.TokenVersion : 0)).Token;

    public string OperatorToken(string account = "acme") => Tokens.Issue(new OperatorClaims(account, "anna", "Anna")).Token;

    public async Task<LogEntry> SayAsync(StreamKey dialog, string text)
    {
        var owner = (await Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
        var result = await Log.AppendMessageAsync(
            dialog, owner, new NewMessage(IdempotencyKey.Unique("g.test"), Sender.User, text), TestTimeout.Token());
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        return result.Entry;
    }

    public Task StopAsync() => _app.StopAsync(TestTimeout.Token());

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Logs.Dispose();
    }
}
