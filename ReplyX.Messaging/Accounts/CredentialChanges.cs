using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Tells the nodes that some credential was taken back: a version that counts up, for whoever asks, and a publish, for whoever
/// would rather not wait. All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class CredentialChanges
{
    private static readonly RedisChannel _channel = RedisChannel.Literal(RedisKeys.CredentialVersion);

    private readonly RedisGateway _redis;

    internal CredentialChanges(RedisGateway redis) => _redis = redis;

    /// <summary>The number of changes so far. A node that sees it differ from what it saw last checks its sockets' credentials.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<long> GetVersionAsync(CancellationToken cancellationToken) =>
        (long)await _redis.ExecuteAsync(database => database.StringGetAsync(RedisKeys.CredentialVersion), cancellationToken);

    /// <summary>Calls back at every change that is heard of. What is not heard the version tells.</summary>
    /// <param name="onChange">Called on the subscription's thread; it must not block.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SubscribeAsync(Action onChange, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            await database.Multiplexer.GetSubscriber().SubscribeAsync(_channel, (_, _) => onChange());
            return true;
        },
        cancellationToken);

    internal Task AnnounceAsync(CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            var version = await database.StringIncrementAsync(RedisKeys.CredentialVersion);
            return await database.PublishAsync(_channel, version);
        },
        cancellationToken);
}
