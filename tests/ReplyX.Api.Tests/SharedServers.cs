using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(ReplyX.Api.Tests.SharedServers))]

namespace ReplyX.Api.Tests;

/// <summary>One Redis of each kind and one service on it for all tests, which keep apart by accounts of their own.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RedisKind, Lazy<Task<RedisServer>>> _redis = new();
    private readonly ConcurrentDictionary<RedisKind, Lazy<Task<TestApi>>> _apis = new();

    internal Task<RedisServer> RedisAsync(RedisKind kind = RedisKind.Redis) =>
        _redis.GetOrAdd(kind, static kind => new Lazy<Task<RedisServer>>(() => RedisServer.StartAsync(kind))).Value;

    internal Task<TestApi> ApiAsync(RedisKind kind = RedisKind.Redis) =>
        _apis.GetOrAdd(kind, kind => new Lazy<Task<TestApi>>(async () => await TestApi.StartAsync((await RedisAsync(kind)).ConnectionString))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis.Values.Where(api => api is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await api.Value).DisposeAsync();
        }

        foreach (var redis in _redis.Values.Where(redis => redis is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await redis.Value).DisposeAsync();
        }
    }
}
