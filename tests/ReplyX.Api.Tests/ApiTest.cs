namespace ReplyX.Api.Tests;

/// <summary>A test on the shared servers, with an account of its own.</summary>
public abstract class ApiTest(SharedServers servers)
{
    private protected Task<RedisServer> RedisAsync(RedisKind kind = RedisKind.Redis) => servers.RedisAsync(kind);

    private protected Task<TestApi> ApiAsync(RedisKind kind = RedisKind.Redis) => servers.ApiAsync(kind);

    private protected async Task<TestAccount> NewAccountAsync(RedisKind kind = RedisKind.Redis, string welcome = "Welcome!") =>
        await (await servers.ApiAsync(kind)).NewAccountAsync(welcome);

    /// <summary>A new guest's dialog in the widget of a new account.</summary>
    private protected async Task<TestDialog> OpenDialogAsync(RedisKind kind = RedisKind.Redis) =>
        await (await NewAccountAsync(kind)).OpenWidgetAsync();

    /// <summary>A service of the test's own, on the shared Redis.</summary>
    private protected async Task<TestApi> StartApiAsync(params IEnumerable<(string Name, string Value)> settings) =>
        await TestApi.StartAsync(
            (await servers.RedisAsync()).ConnectionString,
            settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
}
