using ReplyX.Messaging.PubSub;

namespace ReplyX.Realtime.Delivery;

/// <summary>Hears one message on a channel of its own.</summary>
internal sealed class FeedProbe : IFeedListener
{
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Channel { get; } = $"replyx:probe:{Guid.NewGuid():N}";

    public Task Subscribed => _subscribed.Task;

    public Task Heard => _heard.Task;

    public void OnSubscribed() => _subscribed.TrySetResult();

    public void OnPublished(Memory<byte> message) => _heard.TrySetResult();

    public void OnLost()
    {
        // Whoever waits for it gives up in time.
    }
}
