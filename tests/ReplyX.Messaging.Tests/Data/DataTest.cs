using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>A test of exports and erasures: an account with two sites, one of which has an assistant, and an owner.</summary>
public abstract class DataTest : MessagingTest
{
    private protected static Site Shop => MessagingHost.Site;

    private protected static Site Blog { get; } = MessagingHost.Site with { Id = "blog", AssistantId = "blog-assistant", Name = "Blog" };

    private protected static Actor Owner { get; } = new("olga", "Olga");

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private protected async Task<ArchiveHost> StartAsync(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, Time);
        await SetUpAsync(host);
        return host;
    }

    /// <summary>The same for a test that writes hundreds of times what no crash of the server is to find: it need not wait for the disk.</summary>
    private protected async Task<ArchiveHost> StartFastAsync(ArchiveStore store)
    {
        await StartServerAsync(RedisKind.Redis, "--appendfsync", "no");
        var host = Keep(await ConnectArchiveAsync(store, Time));
        await SetUpAsync(host);
        return host;
    }

    private protected static async Task SetUpAsync(ArchiveHost host)
    {
        var accounts = host.Messaging.Accounts;
        await accounts.SaveAccountAsync(new Account("acme", "Acme"), TestTimeout.Token());
        await accounts.SaveSiteAsync(Shop, TestTimeout.Token());
        await accounts.SaveSiteAsync(Blog, TestTimeout.Token());
        await accounts.SaveOperatorAsync(
            new Operator("acme", "olga", "olga@acme.example", "Olga", PasswordHash: "", OperatorRole.Owner), "a password", TestTimeout.Token());
        await host.Messaging.Services.GetRequiredService<AssistantDirectory>().SaveAsync(
            new AssistantSite("acme", Blog.Id), AssistantSettings.None with { Enabled = true, EncryptedKey = "secretkey" }, TestTimeout.Token());
    }

    private protected static DataJobs JobsOf(ArchiveHost host) => host.Messaging.Services.GetRequiredService<DataJobs>();

    private protected static async Task<StartedDataJob> StartJobAsync(ArchiveHost host, DataJobKind kind, string? visitor)
    {
        var started = await JobsOf(host).StartAsync("acme", kind, visitor, Owner, TestTimeout.Token());
        return started.Value ?? throw new InvalidOperationException($"{started.Outcome}");
    }

    /// <summary>Has the workers do what there is to do, however long it waits.</summary>
    private protected async Task<DataJob> RunAsync(ArchiveHost host, DataJob job)
    {
        var runner = host.Messaging.Services.GetRequiredService<DataJobRunner>();
        while (true)
        {
            while (await runner.RunNextAsync(erasuresAlone: false, TestTimeout.Token()))
            {
            }

            var now = (await JobsOf(host).FindAsync(job.Account, job.Id, TestTimeout.Token()))!;
            if (now.State is DataJobState.Done or DataJobState.Failed)
            {
                return now;
            }

            Time.Advance(TimeSpan.FromMinutes(2));
        }
    }

    private protected async Task<DataJob> DoAsync(ArchiveHost host, DataJobKind kind, string? visitor) =>
        await RunAsync(host, (await StartJobAsync(host, kind, visitor)).Job);

    private protected static async Task<string> ReadAsync(ArchiveHost host, DataJob job)
    {
        var text = new StringBuilder();
        await foreach (var part in JobsOf(host).ReadResultAsync(job, TestTimeout.Token()))
        {
            text.Append(Encoding.UTF8.GetString(part.Span));
        }

        return text.ToString();
    }

    private protected static async Task<JsonElement> ReadJsonAsync(ArchiveHost host, DataJob job) =>
        JsonDocument.Parse(await ReadAsync(host, job)).RootElement;

    private protected Task<StoreScan> ScanAsync(ArchiveHost host, ArchiveStore store) =>
        StoreScan.OfAsync(host.Messaging.Database, store == ArchiveStore.Files ? Files : null);
}
