namespace ReplyX.Messaging.Redis;

/// <summary>How Redis does. What it does not tell is null: the embedded stand-in tells less.</summary>
/// <param name="RoundTrip">A <c>PING</c>, there and back.</param>
/// <param name="UsedMemory">Bytes that its data take.</param>
/// <param name="MemoryLimit">The most bytes that they may take: <c>maxmemory</c>, or the machine's memory where that is not set.</param>
/// <param name="Clients">Connections.</param>
/// <param name="Commands">Commands executed since its start.</param>
/// <param name="IsPersisting">Whether the last write of the append-only file went well.</param>
/// <param name="Replicas">
/// Replicas that are connected and have all but the latest writes; of a cluster those of the master that has fewest.
/// </param>
public sealed record RedisReport(
    TimeSpan RoundTrip, long? UsedMemory, long? MemoryLimit, long? Clients, long? Commands, bool? IsPersisting, long? Replicas);
