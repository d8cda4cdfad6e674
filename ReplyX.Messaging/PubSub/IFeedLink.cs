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

    /// <summary>
    /// A channel is not this server's, or no longer: the server has refused it by name of its slot, and hears nothing of that slot's channels
    /// on this connection any more. Only where channels are sharded.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="address">The server that has it, as Redis writes it: <c>host:port</c>, where an empty host means the same one.</param>
    void OnMoved(int slot, string address);

    /// <summary>The server has ended a subscription by itself, since its slot went elsewhere. Its listener has been told.</summary>
    /// <param name="channel">The channel.</param>
    void OnEnded(string channel);
}
