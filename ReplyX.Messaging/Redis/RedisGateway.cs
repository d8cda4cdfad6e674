using ReplyX.Messaging.Redis.Replication;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>The one way to Redis: whatever means "not now" leaves as <see cref="MessagingUnavailableException"/>.</summary>
internal sealed class RedisGateway(IConnectionMultiplexer connection, ReplicatedWrites replicated)
{
    // What Redis says of itself rather than of the command: loading its files, out of memory, cannot write its AOF, a script that hangs.
    private static readonly string[] _unavailableErrors = ["LOADING", "OOM", "MISCONF", "BUSY", "READONLY", "MASTERDOWN", "NOREPLICAS"];

    public IConnectionMultiplexer Connection => connection;

    public async Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        try
        {
            // Without a primary the library would read from a replica, which may lack what is acknowledged.
            var database = connection.GetDatabase();
            return database.IsConnected(default, CommandFlags.DemandMaster)
                ? await command(database).WaitAsync(cancellationToken)
                : throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "There is no primary.");
        }
        catch (Exception exception) when (IsUnavailable(exception, cancellationToken))
        {
            throw new MessagingUnavailableException("Redis did not answer.", exception);
        }
    }

    /// <summary>Runs a script that returns a list.</summary>
    public async Task<RedisResult[]> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.EvaluateAsync(database, keys, arguments), cancellationToken);
        return reply is { Resp2Type: ResultType.Array, IsNull: false } ? (RedisResult[])reply! : throw MismatchedReply();
    }

    /// <summary>
    /// Runs a script that returns a list, and waits until as many replicas as <see cref="Dialogs.MessagingOptions.Replicas"/> says have
    /// all that it wrote and found.
    /// </summary>
    /// <returns>The list, and whether they have.</returns>
    public async Task<(RedisResult[] Reply, bool IsReplicated)> EvaluateReplicatedAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        if (!replicated.IsAsked)
        {
            return (await EvaluateAsync(script, keys, arguments, cancellationToken), true);
        }

        var (reply, isReplicated) = await replicated.EvaluateAsync(script, keys, arguments, cancellationToken);
        return (reply is { Resp2Type: ResultType.Array, IsNull: false } ? (RedisResult[])reply! : throw MismatchedReply(), isReplicated);
    }

    /// <summary>Runs a script that returns a whole number.</summary>
    public async Task<long> EvaluateNumberAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.EvaluateAsync(database, keys, arguments), cancellationToken);
        return reply.Resp2Type == ResultType.Integer ? (long)reply : throw MismatchedReply();
    }

    /// <summary>
    /// The exception for a reply that cannot belong to its command. Replies carry no number: if a connection has lost one, each later reply
    /// goes to the command before. Whether this command took effect is unknown.
    /// </summary>
    public static MessagingUnavailableException MismatchedReply() => new("Redis answered with what another command asked for.");

    /// <summary>The exception for what was written, or found, and is not on as many replicas as it should be: it may yet be lost.</summary>
    public static MessagingUnavailableException NotReplicated() => new("Too few replicas have confirmed it.");

    /// <summary>Whether an exception means that Redis is unavailable, and not that the command is wrong or the caller has cancelled.</summary>
    public static bool IsUnavailable(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The library cancels the commands of a connection that breaks. The caller has not cancelled, and must not see it as if it had.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RedisConnectionException or RedisTimeoutException or ObjectDisposedException => true,

        // The library passes on what its socket says if the server ends while an answer is read.
        IOException => true,

        // Thrown by the library's pipe if the server ends during a write.
        InvalidOperationException { Source: "System.IO.Pipelines" } => true,
        RedisServerException server => _unavailableErrors.Any(code => server.Message.StartsWith(code, StringComparison.Ordinal)),
        _ => false,
    };
}
