using StackExchange.Redis;

namespace ReplyX.Bench.Memory;

/// <summary>What each kind of key takes, by Redis' own count (MEMORY USAGE with every element looked at).</summary>
internal sealed class Usage
{
    private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private long _total;

    public long Log => Of("dialog :log");

    public long Keys => Of("dialog :keys");

    public long Archive => Of("dialog :archive") + Of("dialog :archive:index") + Of("account :archive");

    /// <summary>Lets two periods pass for the idempotency keys alone: what Redis would do by itself by then.</summary>
    public static async Task ExpireKeysAsync(ConnectionMultiplexer connection)
    {
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: "*:keys:*", pageSize: 1_000))
        {
            await connection.GetDatabase().KeyExpireAsync(key, TimeSpan.Zero);
        }
    }

    public static async Task<Usage> MeasureAsync(ConnectionMultiplexer connection)
    {
        var usage = new Usage();
        var database = connection.GetDatabase();
        var server = connection.GetServers()[0];
        await foreach (var key in server.KeysAsync(pageSize: 1_000))
        {
            var kind = Kind((string)key!);
            usage._kinds[kind] = usage.Of(kind) + (long)await database.ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", "0");
        }

        var memory = (await server.InfoAsync("memory")).SelectMany(section => section).ToDictionary(pair => pair.Key, pair => pair.Value);
        usage._total = long.Parse(memory["used_memory_dataset"], System.Globalization.CultureInfo.InvariantCulture);
        return usage;
    }

    public void Print(long events)
    {
        foreach (var (kind, bytes) in _kinds.Where(kind => kind.Value > 4096))
        {
            Console.WriteLine($"  {kind,-24} {bytes,14:N0} bytes {(double)bytes / events,8:0.0} an event");
        }

        Console.WriteLine($"  {"used_memory_dataset",-24} {_total,14:N0} bytes {(double)_total / events,8:0.0} an event");
    }

    private static string Kind(string key)
    {
        var rest = key[(key.IndexOf('}', StringComparison.Ordinal) + 1)..];
        if (!rest.StartsWith(":dialog:", StringComparison.Ordinal))
        {
            return rest.StartsWith(":guest", StringComparison.Ordinal) ? "guests" : $"account {rest}";
        }

        var suffix = rest.IndexOf(':', ":dialog:".Length);
        if (suffix < 0)
        {
            return "dialog";
        }

        // A dialog has a hash of keys for each hour.
        return rest[suffix..].StartsWith(":keys:", StringComparison.Ordinal) ? "dialog :keys" : $"dialog {rest[suffix..]}";
    }

    private long Of(string kind) => _kinds.GetValueOrDefault(kind);
}
