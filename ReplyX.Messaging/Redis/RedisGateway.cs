using ReplyX.Messaging.Redis.Replication;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>The one way to Redis: whatever means "not now" leaves as <see cref="MessagingUnavailableException"/>.</summary>
internal sealed class RedisGateway(IConnectionMultiplexer connection, ReplicatedWrites replicated, ChannelSharding sharding)
{
    // What Redis says of itself rather than of the command: loading its files, out of memory, cannot write its AOF, a script that hangs. Of a
    // cluster: that a slot has no master now, or is amid its way to another one. Nothing was done then; the library follows where it may.
    private static readonly string[] _unavailableErrors =
        ["LOADING", "OOM", "MISCONF", "BUSY", "READONLY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK"];

    private static readonly TimeSpan _looksAtMostEvery = TimeSpan.FromMilliseconds(500);

    private Task<bool>? _tears;
    private bool _isLooking;

    private bool IsSharded => sharding.IsSharded == true;

    public IConnectionMultiplexer Connection => connection;

    /// <summary>Whether keys lie on several servers by their slots, so that one command takes those of one slot alone.</summary>
    public bool IsCluster => Array.Exists(connection.GetServers(), server => server.ServerType == ServerType.Cluster);

    /// <summary>
    /// Whether the server may tear a script when it is killed, as Garnet does: its append-only file has a script's writes one by one, and
    /// Redis' has them as one.
    /// </summary>
    public async ValueTask<bool> TearsScriptsAsync(CancellationToken cancellationToken)
    {
        var asked = _tears;
        if (asked is not { IsCompletedSuccessfully: true })
        {
            // What fails is asked again by the next one.
            _tears = asked = ExecuteAsync(
                async database => ((string?)await database.ExecuteAsync("INFO", "server"))!.Contains("garnet_version", StringComparison.OrdinalIgnoreCase),
                CancellationToken.None);
        }

        return await asked.WaitAsync(cancellationToken);
    }

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
            if (IsReplicaRefused(exception) || exception is RedisConnectionException { FailureType: ConnectionFailureType.InternalFailure })
            {
                LookAnew();
            }

            throw new MessagingUnavailableException("Redis did not answer.", exception);
        }
    }

    /// <summary>Publishes on a channel of a stream, or of whoever subscribes as its listeners do.</summary>
    public Task PublishAsync(string channel, RedisValue message, CancellationToken cancellationToken) => ExecuteAsync(
        database => database.PublishAsync(IsSharded ? RedisChannel.Sharded(channel) : RedisChannel.Literal(channel), message),
        cancellationToken);

    /// <summary>Runs a script that returns a list.</summary>
    public async Task<RedisResult[]> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.For(IsSharded).EvaluateAsync(database, keys, arguments), cancellationToken);
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

        RedisResult reply;
        bool isReplicated;
        try
        {
            (reply, isReplicated) = await replicated.EvaluateAsync(script.For(IsSharded), keys, arguments, cancellationToken);
        }
        catch (MessagingUnavailableException exception) when (exception.InnerException is RedisServerException)
        {
            // The library has sent nothing that was redirected, and so has not learnt of it.
            LookAnew();
            throw;
        }

        return (reply is { Resp2Type: ResultType.Array, IsNull: false } ? (RedisResult[])reply! : throw MismatchedReply(), isReplicated);
    }

    /// <summary>Runs a script that returns a whole number.</summary>
    public async Task<long> EvaluateNumberAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var reply = await ExecuteAsync(database => script.For(IsSharded).EvaluateAsync(database, keys, arguments), cancellationToken);
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
        // The server has lost its place as a master, and the library does not know yet who has it.
        RedisCommandException => IsReplicaRefused(exception),
        RedisServerException server => _unavailableErrors.Any(code => server.Message.StartsWith(code, StringComparison.Ordinal)),

        // What ends the library's scans comes wrapped.
        AggregateException { InnerExceptions: [var inner] } => IsUnavailable(inner, cancellationToken),
        _ => false,
    };

    private static bool IsReplicaRefused(Exception exception) =>
        exception is RedisCommandException && exception.Message.StartsWith("Command cannot be issued to a replica", StringComparison.Ordinal);

    /// <summary>
    /// Has the library ask a cluster who its masters are; where there is none, nothing. By itself it asks when a server redirects it, and otherwise once a minute: a server
    /// that hangs redirects nobody, and neither does one that is known for a replica, to which a command is not even sent.
    /// </summary>
    public void LookAnew()
    {
        if (!IsCluster || Interlocked.Exchange(ref _isLooking, true))
        {
            return;
        }

        _ = LookAsync();

        async Task LookAsync()
        {
            try
            {
                // False if it does so already: what it finds then may have been asked for before the change.
                while (!await connection.ConfigureAsync())
                {
                    await Task.Delay(_looksAtMostEvery);
                }

                await Task.Delay(_looksAtMostEvery);
            }
            catch (Exception exception) when (IsUnavailable(exception, CancellationToken.None))
            {
                // The next command that is refused looks again.
            }
            finally
            {
                Volatile.Write(ref _isLooking, false);
            }
        }
    }
}
