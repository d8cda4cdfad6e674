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

    /// <summary>
    /// Runs a script that returns a list. Another answer is another command's, from a connection out of step: nobody knows what
    /// the script did.
    /// </summary>
    public async Task<RedisResult[]> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.EvaluateAsync(database, keys, arguments), cancellationToken);
        return reply is { Resp2Type: ResultType.Array, IsNull: false } && reply.Length >= script.LeastReplies
            ? (RedisResult[])reply!
            : throw new MessagingUnavailableException($"Redis answered a script with {Describe(reply)}.");
    }

    /// <summary>Whether Redis could not answer, as opposed to a command that is wrong or a caller who gave up.</summary>
    public static bool MeansNotNow(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The library cancels commands that a dying connection still held. The caller did not, and must not take it for its own doing.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RedisConnectionException or RedisTimeoutException or ObjectDisposedException => true,

        // The library's pipe to a server that died amid a write.
        InvalidOperationException { Source: "System.IO.Pipelines" } => true,

        // An answer of another shape than the command's: the connection is out of step.
        InvalidCastException { Source: "StackExchange.Redis" } => true,
        RedisServerException server => _notNow.Any(code => server.Message.StartsWith(code, StringComparison.Ordinal)),
        _ => false,
    };

    private static string Describe(RedisResult reply) =>
        reply.IsNull ? "nothing" : reply.Resp2Type == ResultType.Array ? $"a list of {reply.Length}" : $"a {reply.Resp2Type}";
}
