using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>
/// Scripts whose callers wait until replicas have what they wrote (docs/adr/0021-replicas.md). They have connections of their own: WAIT
/// holds back whatever comes behind it on its connection, and the client library has one for everything.
/// </summary>
internal sealed class ReplicatedWrites : IAsyncDisposable
{
    private readonly ConcurrentDictionary<EndPoint, Lazy<ReplicatedServer>> _servers = new();
    private readonly RedisPrimary _primary;
    private readonly ReplicaWait _wait;
    private readonly TimeProvider _time;
    private readonly ILogger<ReplicatedWrites> _logger;
    private readonly TimeSpan _patience;

    public ReplicatedWrites(RedisPrimary primary, IOptions<MessagingOptions> options, TimeProvider time, ILogger<ReplicatedWrites> logger)
    {
        _primary = primary;
        _wait = new ReplicaWait(options.Value);
        _time = time;
        _logger = logger;
        IsAsked = options.Value.Replicas > 0;
        _patience = primary.AnswerPatience + options.Value.ReplicaTimeout;
    }

    /// <summary>Whether anybody is to wait for replicas.</summary>
    public bool IsAsked { get; }

    /// <summary>Runs a script on the server that takes its first key's writes.</summary>
    /// <exception cref="MessagingUnavailableException">Whether it ran is unknown.</exception>
    public async Task<(RedisResult Reply, bool IsReplicated)> EvaluateAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var endpoint = _primary.FindConnected(keys[0]) ?? throw new MessagingUnavailableException("Redis is not connected.");
        var server = _servers.GetOrAdd(endpoint, static (endpoint, self) => new Lazy<ReplicatedServer>(() => self.Serve(endpoint)), this);
        var write = new ReplicatedWrite(script, keys, arguments);
        server.Value.Enqueue(write);
        try
        {
            var done = await write.Done.WaitAsync(_patience, _time, cancellationToken);
            return (done.Reply.Result ?? throw new RedisServerException(done.Reply.Error!), done.IsReplicated);
        }
        catch (Exception exception) when (exception is TimeoutException || RedisGateway.IsUnavailable(exception, cancellationToken))
        {
            throw new MessagingUnavailableException("Redis did not answer.", exception);
        }
        finally
        {
            write.GiveUp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.Value.DisposeAsync();
        }
    }

    private ReplicatedServer Serve(EndPoint endpoint) => new(_primary, endpoint, _wait, _patience, _logger);
}
