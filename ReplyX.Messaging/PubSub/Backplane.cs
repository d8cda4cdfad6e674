using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.PubSub;

/// <summary>
/// What is said through Redis' publish/subscribe beside what a <see cref="Dialogs.DialogLog"/> publishes as it appends. A node hears
/// both by a <see cref="RedisFeed"/>.
/// </summary>
public sealed class Backplane
{
    private readonly RedisGateway _redis;

    internal Backplane(RedisGateway redis) => _redis = redis;

    /// <summary>The channel that a stream's events are published on.</summary>
    /// <param name="stream">The dialog or feed.</param>
    public static string ChannelOf(StreamKey stream) => RedisKeys.ChannelName(stream);

    /// <summary>Tells everybody who watches a dialog something that is not stored.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="origin">The connection that causes it, which is not told; 0 for none.</param>
    /// <param name="payload">The event, UTF-8 JSON.</param>
    /// <param name="now">When it happened.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessagingUnavailableException">Redis did not take it.</exception>
    public Task PublishAsync(
        StreamKey dialog, ulong origin, ReadOnlyMemory<byte> payload, DateTimeOffset now, CancellationToken cancellationToken) =>
        _redis.PublishAsync(
            RedisKeys.ChannelName(dialog), LogEntry.Unstored(payload.Span, now, isDroppable: false, origin), cancellationToken);

    /// <summary>Publishes something on a channel that only a probe listens to.</summary>
    /// <param name="channel">The probe's channel.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessagingUnavailableException">Redis did not take it.</exception>
    public Task PublishProbeAsync(string channel, CancellationToken cancellationToken) => _redis.PublishAsync(channel, "probe", cancellationToken);
}
