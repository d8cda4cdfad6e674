using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplyX.AppHost.Redis;

/// <summary>
/// Whether a Redis Cluster serves all slots. As long as the servers do not know each other it makes a cluster of them: the first half are
/// masters, and each of the others is the replica of one. What is there from an earlier run, or after a failover, stays as it is.
/// </summary>
internal sealed class RedisClusterHealth(IReadOnlyList<int> ports) : IHealthCheck
{
    private const int Slots = 16_384;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var told = new Dictionary<int, string>();
        var silent = new List<string>();
        foreach (var port in ports)
        {
            try
            {
                told[port] = await RedisCommand.SendAsync(port, cancellationToken, "CLUSTER", "INFO").ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                silent.Add($"port {port}: {e.Message}");
            }
        }

        try
        {
            return told.Count == 0 ? HealthCheckResult.Unhealthy(silent[0])
                : IsWell(told.Values) && await IsMadeAsync(told.Keys.First(), cancellationToken).ConfigureAwait(false) ? HealthCheckResult.Healthy()
                : silent.Count > 0 ? HealthCheckResult.Unhealthy(string.Join("; ", silent))
                : HealthCheckResult.Unhealthy(await MakeAsync(told, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    private static bool IsWell(IEnumerable<string> told) => told.All(info => info.Contains("cluster_state:ok", StringComparison.Ordinal));

    // All are in it, and who has no slots is a replica: https://redis.io/docs/latest/commands/cluster-nodes/.
    private async Task<bool> IsMadeAsync(int port, CancellationToken cancellationToken)
    {
        var members = (await RedisCommand.SendAsync(port, cancellationToken, "CLUSTER", "NODES").ConfigureAwait(false))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToList();
        const int BeforeSlots = 8;
        return members.Count >= ports.Count
            && members.TrueForAll(fields => fields.Length > BeforeSlots || fields[2].Contains("slave", StringComparison.Ordinal) || fields[2].Contains("fail", StringComparison.Ordinal));
    }

    // One step each time that it is asked, as far as the servers have come. Each may be done again.
    private async Task<string> MakeAsync(Dictionary<int, string> told, CancellationToken cancellationToken)
    {
        var masters = ports.Count / 2;
        for (var i = 0; i < masters; i++)
        {
            if (told.Values.Any(info => !info.Contains("cluster_known_nodes:1\r", StringComparison.Ordinal)))
            {
                break;
            }

            if (told[ports[i]].Contains("cluster_slots_assigned:0\r", StringComparison.Ordinal))
            {
                await RedisCommand.SendAsync(ports[i], cancellationToken, "CLUSTER", "ADDSLOTSRANGE", Number(Slots * i / masters), Number((Slots * (i + 1) / masters) - 1)).ConfigureAwait(false);
                await RedisCommand.SendAsync(ports[i], cancellationToken, "CLUSTER", "SET-CONFIG-EPOCH", Number(i + 1)).ConfigureAwait(false);
            }
        }

        if (told[ports[0]] is var first && !first.Contains($"cluster_known_nodes:{Number(ports.Count)}\r", StringComparison.Ordinal))
        {
            foreach (var port in ports.Skip(1))
            {
                await RedisCommand.SendAsync(ports[0], cancellationToken, "CLUSTER", "MEET", "127.0.0.1", Number(port), Number(BusPort(port))).ConfigureAwait(false);
            }

            return "the servers of the cluster meet";
        }

        for (var i = masters; i < ports.Count; i++)
        {
            // A master that knows no replica of its own and has no slots.
            if ((await RedisCommand.SendAsync(ports[i], cancellationToken, "INFO", "replication").ConfigureAwait(false)).Contains("role:master", StringComparison.Ordinal)
                && !await HasSlotsAsync(ports[i], cancellationToken).ConfigureAwait(false))
            {
                var id = await RedisCommand.SendAsync(ports[i - masters], cancellationToken, "CLUSTER", "MYID").ConfigureAwait(false);
                await RedisCommand.SendAsync(ports[i], cancellationToken, "CLUSTER", "REPLICATE", id).ConfigureAwait(false);
            }
        }

        return "the cluster does not serve all slots yet";
    }

    private static async Task<bool> HasSlotsAsync(int port, CancellationToken cancellationToken) =>
        (await RedisCommand.SendAsync(port, cancellationToken, "CLUSTER", "NODES").ConfigureAwait(false))
        .Split('\n').Any(line => line.Contains("myself", StringComparison.Ordinal) && line.Split(' ').Length > 8);

    /// <summary>Where a server speaks to the others: Redis' own rule.</summary>
    public static int BusPort(int port) => port + 10_000;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
