using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.PubSub;

/// <summary>
/// Redis' publish/subscribe, which carries what is appended to every node that has a socket on it. It forgets: whoever needs
/// certainty reads the <see cref="Dialogs.DialogLog"/>, and again when <see cref="Restored"/> is raised.
/// </summary>
public sealed class Backplane : IDisposable
{
    private static readonly TimeSpan _probePatience = TimeSpan.FromSeconds(5);

    private readonly RedisGateway _redis;

    internal Backplane(RedisGateway redis)
    {
        _redis = redis;
        redis.Connection.ConnectionRestored += OnConnectionRestored;
        redis.Connection.ConnectionFailed += OnConnectionFailed;
    }

    /// <summary>Raised when the subscriptions are back after an outage. Events published meanwhile were not heard.</summary>
    public event EventHandler? Restored;

    /// <summary>Raised when the subscriptions' connection is lost.</summary>
    public event EventHandler? Lost;

    /// <summary>Whether the subscriptions' connection is up.</summary>
    public bool IsConnected => _redis.Connection.GetSubscriber().IsConnected();

    /// <summary>Starts hearing a stream. Completes when Redis has confirmed it, so that a log read afterwards leaves no gap.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="onEvent">
    /// Called for each event, one at a time, in the order of publishing. It must not block or wait: what is published
    /// meanwhile is queued without bound.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Dispose it to stop.</returns>
    /// <exception cref="MessagingUnavailableException">Redis did not confirm.</exception>
    public async Task<IAsyncDisposable> SubscribeAsync(
        StreamKey stream, Action<LogEntry> onEvent, CancellationToken cancellationToken)
    {
        var channel = RedisKeys.Channel(stream);
        var subscriber = _redis.Connection.GetSubscriber();
        ChannelMessageQueue queue;
        try
        {
            queue = await subscriber.SubscribeAsync(channel).WaitAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The library keeps what was not confirmed and subscribes it when it can: a queue that nobody would read.
            await ForgetAsync(subscriber, channel);
            throw RedisGateway.IsUnavailable(exception, cancellationToken)
                ? new MessagingUnavailableException("Redis did not confirm a subscription.", exception)
                : exception;
        }

        queue.OnMessage(message =>
        {
            if (LogEntry.TryParse(message.Message, out var entry))
            {
                onEvent(entry);
            }
        });
        return new Subscription(queue);
    }

    /// <summary>Tells everybody who watches a dialog something that is not stored.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="origin">The connection that causes it, which is not told; 0 for none.</param>
    /// <param name="payload">The event, UTF-8 JSON.</param>
    /// <param name="now">When it happened.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task PublishAsync(
        StreamKey dialog, ulong origin, ReadOnlyMemory<byte> payload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = System.Text.Encoding.ASCII.GetBytes($"0 {origin:x} {now.ToUnixTimeMilliseconds()} -\n");
        return _redis.ExecuteAsync(
            database => database.PublishAsync(RedisKeys.Channel(dialog), (byte[])[.. line, .. payload.Span]), cancellationToken);
    }

    /// <summary>Sends a probe through the backplane and back: publishes on a channel of its own and waits to hear it.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessagingUnavailableException">Redis did not take it.</exception>
    /// <exception cref="OperationCanceledException">It was not heard in time.</exception>
    public async Task RoundTripAsync(CancellationToken cancellationToken)
    {
        var probe = RedisChannel.Literal($"replyx:probe:{Guid.NewGuid():N}");
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscriber = _redis.Connection.GetSubscriber();
        try
        {
            await subscriber.SubscribeAsync(probe, (_, _) => heard.TrySetResult()).WaitAsync(cancellationToken);
            await subscriber.PublishAsync(probe, "probe").WaitAsync(cancellationToken);
            await heard.Task.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (RedisGateway.IsUnavailable(exception, cancellationToken))
        {
            throw new MessagingUnavailableException("Redis did not take a probe.", exception);
        }
        finally
        {
            await ForgetAsync(subscriber, probe);
        }
    }

    private static async Task ForgetAsync(ISubscriber subscriber, RedisChannel channel)
    {
        try
        {
            await subscriber.UnsubscribeAsync(channel, flags: CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (RedisGateway.IsUnavailable(exception, CancellationToken.None))
        {
            // The library has forgotten it, and the server that was not told is not there.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _redis.Connection.ConnectionRestored -= OnConnectionRestored;
        _redis.Connection.ConnectionFailed -= OnConnectionFailed;
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Subscription)
        {
            _ = Task.Run(AnnounceRestoredAsync);
        }
    }

    // The library subscribes again behind this event. A probe that came back on the same connection went there after those.
    private async Task AnnounceRestoredAsync()
    {
        using var patience = new CancellationTokenSource(_probePatience);
        try
        {
            await RoundTripAsync(patience.Token);
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException)
        {
            // Lost again, or slow: reading the logs once more than needed does no harm, and the next restoration reads again.
        }

        Restored?.Invoke(this, EventArgs.Empty);
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Subscription)
        {
            Lost?.Invoke(this, EventArgs.Empty);
        }
    }

    private sealed class Subscription(ChannelMessageQueue queue) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
            }
            catch (Exception exception) when (RedisGateway.IsUnavailable(exception, CancellationToken.None))
            {
                // Nothing is heard from a server that is not there; a new connection starts without this subscription.
            }
        }
    }
}
