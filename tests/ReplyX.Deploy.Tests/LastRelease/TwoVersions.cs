using System.Security.Cryptography;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.LastRelease;

/// <summary>The last release and this one on one Redis, and a node of this one that is on another.</summary>
public sealed class TwoVersions : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _running = [];

    internal string OperatorPassword { get; } = NewSecret();

    internal string OperationsToken { get; } = NewSecret();

    /// <summary>Why the older one is not the last release; null if it is.</summary>
    internal string? Missing { get; private set; }

    internal RunningVersion Old { get; private set; } = null!;

    internal RunningVersion New { get; private set; } = null!;

    internal ServiceProcess Stray { get; private set; } = null!;

    /// <summary>Skips the test where this machine cannot run them. Called by every test class's constructor.</summary>
    internal static void Require() => RequiredTool.Path("redis-server");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (RequiredTool.Find("redis-server") is null)
        {
            return;
        }

        var redis = Keep(await RedisServer.StartAsync(RedisKind.Redis));
        var otherRedis = Keep(await RedisServer.StartAsync(RedisKind.Redis));
        var common = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Tokens__SigningKey"] = NewSecret(),
            ["Demo__OperatorPassword"] = OperatorPassword,
            ["Operations__Token"] = OperationsToken,
        };
        var last = await LastReleaseFolder.FindAsync();
        Missing = last.Missing;
        Old = Keep(new RunningVersion("last", last.Api, last.Realtime, common));
        New = Keep(new RunningVersion("this", BuiltServices.Api, BuiltServices.Realtime, common));
        Stray = Keep(new ServiceProcess(
            "stray", BuiltServices.Realtime, new Dictionary<string, string>(common) { ["ConnectionStrings__redis"] = otherRedis.ConnectionString }));

        // As in a deploy: the older one makes what is there, and the other one comes to it.
        await Old.StartAsync();
        await Task.WhenAll(New.StartAsync(), Stray.StartAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_running))
        {
            await one.DisposeAsync();
        }
    }

    private T Keep<T>(T one)
        where T : IAsyncDisposable
    {
        _running.Add(one);
        return one;
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
