namespace ReplyX.Messaging.PubSub;

/// <summary>The connection that a <see cref="RedisFeed"/> speaks on, and whoever drives it.</summary>
public interface IFeedLink
{
    /// <summary>Sends what fits now.</summary>
    /// <param name="bytes">Commands.</param>
    /// <returns>How many bytes were taken; fewer than none if the connection is gone.</returns>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>All that was received is handed out; the next bytes overwrite it.</summary>
    void OnBatchEnd();

    /// <summary>The connection is of no use: Redis refused it or said what cannot be understood. Followed by <see cref="RedisFeed.OnDisconnected"/>.</summary>
    /// <param name="reason">What Redis said.</param>
    void Fail(string reason);
}
