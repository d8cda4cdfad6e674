using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>SignalR with its JSON protocol and a group for each room.</summary>
/// <param name="hasRedis">Whether it goes through its Redis backplane, as it must with a second process.</param>
internal sealed class SignalRPeer(bool hasRedis) : AspNetPeer
{
    public const string Reference = "signalr";
    public const string WithRedis = "signalr-redis";

    public override string Name => hasRedis ? WithRedis : Reference;

    public override string Title => hasRedis ? "SignalR + Redis" : "SignalR";

    public override string Description => hasRedis
        ? "the same with `AddStackExchangeRedis`, one process, `redis-server` without persistence: the backplane keeps no log"
        : "ASP.NET Core SignalR, JSON, a group for each room; a message is an invocation without a completion";

    public override string? Missing => hasRedis ? MissingTool("redis-server") : null;

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
    {
        var arguments = new List<string> { "signalr" };
        if (hasRedis)
        {
            var redis = await RedisServer.StartAsync(RedisKind.Redis, "--appendonly", "no");
            running.Add(redis);
            arguments.Add(redis.ConnectionString);
        }

        running.Protocol = new SignalRProtocol(await StartServerAsync(running, cancel, arguments));
    }
}
