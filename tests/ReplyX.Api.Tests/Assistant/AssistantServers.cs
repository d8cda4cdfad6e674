using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>
/// A Redis of the tests' own, since every instance on a Redis takes the work of all assistants there, and instances on it whose
/// assistants may reach a fake endpoint of this machine.
/// </summary>
public sealed class AssistantServers : IAsyncLifetime
{
    private RedisServer? _redis;
    private TestApi? _api;

    internal RedisServer Redis => _redis ?? throw new InvalidOperationException("Not started.");

    internal TestApi Api => _api ?? throw new InvalidOperationException("Not started.");

    public ValueTask InitializeAsync() => InitializeAsync([]);

    /// <summary>Servers of one test's own, with settings that it needs.</summary>
    internal static async Task<AssistantServers> StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var servers = new AssistantServers();
        await servers.InitializeAsync(settings);
        return servers;
    }

    /// <summary>Another instance on the same Redis.</summary>
    internal Task<TestApi> StartApiAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Assistant:AllowPrivateEndpoints"] = "true",
            ["Assistant:WatchInterval"] = "00:00:00.1",
            ["Assistant:SweepInterval"] = "00:00:00.5",
            ["Assistant:DeltaInterval"] = "00:00:00.02",
            ["Assistant:ScriptedPace"] = "00:00:00",
            ["Assistant:Lease"] = "00:00:05",
            ["Secrets:Key"] = "a-secret-that-is-only-for-tests-0123456789",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return TestApi.StartAsync(Redis.ConnectionString, all);
    }

    /// <summary>Stops the instance, as a deploy does.</summary>
    internal async Task StopApiAsync()
    {
        await Api.DisposeAsync();
        _api = null;
    }

    private async ValueTask InitializeAsync(IEnumerable<(string Name, string Value)> settings)
    {
        // Where there is no redis-server, on the embedded one, as the graph does: a fixture could not skip its tests.
        _redis = await RedisServer.StartAsync(RequiredTool.MayDoWithout("redis-server") ? RedisKind.Garnet : RedisKind.Redis);
        _api = await StartApiAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}

/// <summary>What tests do with assistants.</summary>
internal static class Assistants
{
    public static AssistantSettings Scripted { get; } = AssistantSettings.None with
    {
        Enabled = true,
        Answers =
        [
            new AssistantAnswer("How long does shipping take?\nWhen will my parcel arrive?", "Two to three days."),
            new AssistantAnswer("Can I return something?", "Within 30 days."),
            new AssistantAnswer("Сколько идёт доставка?", "Два-три дня."),
        ],
    };

    public static AssistantSettings At(FakeEndpoint endpoint) => AssistantSettings.None with
    {
        Enabled = true,
        Kind = AssistantKind.OpenAI,
        Endpoint = endpoint.Url,
        Model = "fake",
        Instructions = "Sell bicycles.",
        TimeoutSeconds = 30,
    };

    public static async Task<TestAccount> NewAccountAsync(this TestApi api, AssistantSettings settings)
    {
        var account = await api.NewAccountAsync();
        await account.SetAssistantAsync(settings);
        return account;
    }

    public static Task SetAssistantAsync(this TestAccount account, AssistantSettings settings) =>
        account.Api.Services.GetRequiredService<AssistantDirectory>().SaveAsync(
            new AssistantSite(account.Id, account.Site.Id), settings, TestTimeout.Token());
}
