namespace ReplyX.Messaging.PubSub;

/// <summary>Who hears one channel of a <see cref="RedisFeed"/>, on the thread that owns the feed.</summary>
public interface IFeedListener
{
    /// <summary>Redis has confirmed: what is published from now on is heard. Called again after every reconnect.</summary>
    void OnSubscribed();

    /// <summary>Something was published.</summary>
    /// <param name="message">Its bytes, in the feed's own buffer: they may be changed, and are gone after <see cref="IFeedLink.OnBatchEnd"/>.</param>
    void OnPublished(Memory<byte> message);

    /// <summary>The connection is lost: nothing is heard until <see cref="OnSubscribed"/>.</summary>
    void OnLost();
}
