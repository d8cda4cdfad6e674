using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>The notes of spread dialogs' appends, a list for each partition.</summary>
internal sealed class Outboxes(RedisGateway redis)
{
    private static readonly RedisScript _trim = RedisScript.Load("Projection.trim");

    /// <summary>The oldest notes of a partition.</summary>
    public Task<RedisValue[]> ReadAsync(int partition, int most, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(database => database.ListRangeAsync(RedisKeys.Outbox(partition), 0, most - 1), cancellationToken);

    /// <summary>Takes out what was told, unless somebody else did: each note is there once.</summary>
    public Task TakeOutAsync(IEnumerable<OutboxEntry> told, CancellationToken cancellationToken) =>
        Task.WhenAll(told
            .GroupBy(note => note.Dialog.Partition)
            .Select(partition => TakeOutAsync(partition.Key, [.. partition.Select(note => (RedisValue)note.ToText())], cancellationToken)));

    /// <summary>Takes notes out of one.</summary>
    public Task TakeOutAsync(int partition, RedisValue[] notes, CancellationToken cancellationToken) => notes switch
    {
        [] => Task.CompletedTask,
        [var note] => redis.ExecuteAsync(database => database.ListRemoveAsync(RedisKeys.Outbox(partition), note, 1), cancellationToken),
        _ => redis.EvaluateNumberAsync(_trim, [RedisKeys.Outbox(partition)], notes, cancellationToken),
    };
}
