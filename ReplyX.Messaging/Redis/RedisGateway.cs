using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>The one way to Redis: whatever means "not now" leaves as <see cref="MessagingUnavailableException"/>.</summary>
internal sealed class RedisGateway(IConnectionMultiplexer connection)
{
    // What Redis says of itself rather than of the command: loading its files, out of memory, cannot write its AOF, a script that hangs.
    private static readonly string[] _notNow = ["LOADING", "OOM", "MISCONF", "BUSY", "READONLY", "MASTERDOWN", "NOREPLICAS"];

    public IConnectionMultiplexer Connection => connection;

    public async Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        try
        {
            return await command(connection.GetDatabase()).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (MeansNotNow(exception, cancellationToken))
        {
            throw new MessagingUnavailableException("Redis did not answer.", exception);
        }
    }

    /// <summary>Runs a script that returns a list.</summary>
    public async Task<RedisResult[]> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.EvaluateAsync(database, keys, arguments), cancellationToken);
        return reply is { Resp2Type: ResultType.Array, IsNull: false } ? (RedisResult[])reply! : throw OutOfStep();
    }

    /// <summary>Runs a script that returns a whole number.</summary>
    public async Task<long> EvaluateNumberAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.EvaluateAsync(database, keys, arguments), cancellationToken);
        return reply.Resp2Type == ResultType.Integer ? (long)reply : throw OutOfStep();
    }

    /// <summary>
    /// What an answer that cannot be this command's means. Answers carry no number, so a connection that has lost one hands out every
    /// later answer to the command before; of what this one did nothing is known.
    /// </summary>
    public static MessagingUnavailableException OutOfStep() => new("Redis answered with what another command asked for.");

    /// <summary>Whether Redis could not answer, as opposed to a command that is wrong or a caller who gave up.</summary>
    public static bool MeansNotNow(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The library cancels commands that a dying connection still held. The caller did not, and must not take it for its own doing.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RedisConnectionException or RedisTimeoutException or ObjectDisposedException => true,

        // The library's pipe to a server that died amid a write.
        InvalidOperationException { Source: "System.IO.Pipelines" } => true,
        RedisServerException server => _notNow.Any(code => server.Message.StartsWith(code, StringComparison.Ordinal)),
        _ => false,
    };
}
