using System.Globalization;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>Asks Redis how it does.</summary>
public sealed class RedisProbe
{
    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;

    internal RedisProbe(RedisGateway redis, TimeProvider time)
    {
        _redis = redis;
        _time = time;
    }

    /// <summary>Asks once. What Redis refuses to tell is unknown.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessagingUnavailableException">Redis did not answer.</exception>
    public async Task<RedisReport> LookAsync(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        try
        {
            await _redis.ExecuteAsync(database => database.ExecuteAsync("PING"), cancellationToken);
        }
        catch (MessagingUnavailableException exception) when (IsRefusal(exception))
        {
            // It answers, and says what it does not do: a Redis that cannot write its files refuses this, too.
        }

        var roundTrip = _time.GetElapsedTime(begun);

        // All of it in one question: the parts that are wanted would be four.
        var text = await ReadAsync(database => database.ExecuteAsync("INFO"), cancellationToken);
        var told = Read(text);
        return new RedisReport(
            roundTrip,
            Number("used_memory"),
            Number("maxmemory") is > 0 and var limit ? limit : Number("total_system_memory"),
            Number("connected_clients"),
            Number("total_commands_processed"),
            told.TryGetValue("aof_last_write_status", out var status) ? status == "ok" : null,
            _redis.IsCluster ? await CountLeastReplicasAsync(cancellationToken) : CountReplicas(told));

        long? Number(string name) => NumberOf(told, name);
    }

    // One that gets its first copy counts for no WAIT yet.
    private static long? CountReplicas(Dictionary<string, string> told) => NumberOf(told, "connected_slaves") is { } connected
        ? Enumerable.Range(0, (int)connected).LongCount(replica =>
            told.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"slave{replica}"), out var state)
            && state.Contains("state=online", StringComparison.Ordinal))
        : null;

    // Each master that has slots tells of its own replicas alone.
    private async Task<long?> CountLeastReplicasAsync(CancellationToken cancellationToken)
    {
        var masters = _redis.Connection.GetServers()
            .Where(server => server is { IsConnected: true, IsReplica: false } && server.ClusterConfiguration?[server.EndPoint]?.Slots.Count > 0);
        var told = await Task.WhenAll(masters.Select(master => ReadAsync(_ => master.ExecuteAsync("INFO", "replication"), cancellationToken)));
        return told.Select(text => CountReplicas(Read(text))).Min();
    }

    private static Dictionary<string, string> Read(string info) => info.Split('\n')
        .Select(line => line.TrimEnd('\r').Split(':', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal);

    private static long? NumberOf(Dictionary<string, string> told, string name) =>
        told.TryGetValue(name, out var value) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<string> ReadAsync(Func<IDatabase, Task<RedisResult>> info, CancellationToken cancellationToken)
    {
        try
        {
            return (await _redis.ExecuteAsync(info, cancellationToken)).ToString();
        }
        catch (RedisServerException)
        {
            return "";
        }
        catch (MessagingUnavailableException exception) when (IsRefusal(exception))
        {
            return "";
        }
    }

    // While it reads its files after a start it is of no use to anybody.
    private static bool IsRefusal(MessagingUnavailableException exception) =>
        exception.InnerException is RedisServerException refusal && !refusal.Message.StartsWith("LOADING", StringComparison.Ordinal);
}
