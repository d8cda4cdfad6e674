using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace ReplyX.ServiceDefaults.Redis;

/// <summary>
/// Whether the server that takes writes answers. Of a cluster each master that has slots is asked for a key of its own: any of them answers a
/// PING, also one that serves nothing, since others are away.
/// </summary>
internal sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    /// <summary>The check's name: the one that it has in Aspire's client.</summary>
    public const string Name = "StackExchange.Redis";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var database = redis.GetDatabase();
            var servers = redis.GetServers();
            await (Array.Exists(servers, server => server.ServerType == ServerType.Cluster)
                ? (Task)Task.WhenAll(KeysOfMasters(servers).Select(key => database.KeyExistsAsync(key, CommandFlags.DemandMaster)))
                : database.PingAsync(CommandFlags.DemandMaster)).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    // Servers may not agree about who has what: each slot is asked for where the library has it by now. One is asked for also where none has any.
    private HashSet<RedisKey> KeysOfMasters(IServer[] servers) =>
    [
        KeyOf([]),
        .. servers.SelectMany(server => server.ClusterConfiguration?.Nodes ?? []).Where(node => node.Slots.Count > 0).Select(node => KeyOf(node.Slots)),
    ];

    private RedisKey KeyOf(IList<SlotRange> slots)
    {
        for (var number = 0; ; number++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"replyx:ready:{number}");
            var slot = redis.HashSlot(key);
            if (slots.Count == 0 || slots.Any(range => range.From <= slot && slot <= range.To))
            {
                return key;
            }
        }
    }
}
