using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// How far an account's feed was read for the dialogs of it that this node follows. The feed tells of each event of a listed dialog: as
/// long as it is read without a hole, nothing of theirs can be missed, and none of their logs has to be looked at.
/// </summary>
internal sealed class FeedCoverage(string account, Cursor head, long now)
{
    public StreamKey Feed { get; } = StreamKey.ForFeed(account);

    /// <summary>The last event of the feed that was read.</summary>
    public Cursor Head { get; set; } = head;

    /// <summary>When that was, or when it became void, as a timestamp.</summary>
    public long ReadAt { get; set; } = now;

    /// <summary>How many dialogs were found that rely on it.</summary>
    public int Followed { get; set; }

    /// <summary>Whether the feed was not read on, so that dialogs are to be looked at by themselves again.</summary>
    public bool IsVoid { get; set; }
}
