namespace ReplyX.Messaging.Streams;

/// <summary>
/// Names one ordered stream of events: a dialog's, or an account's feed of what happens in its dialogs.
/// </summary>
/// <remarks>
/// A dialog's id says where its keys are. An even one is spread: its keys have the tag of one of <see cref="Partitions"/> partitions, which
/// follows from the id, so that an account's dialogs lie on all masters of a Redis Cluster. The keys of an odd one have its account's tag,
/// as all had before.
/// </remarks>
/// <param name="Account">The account that owns the stream.</param>
/// <param name="DialogId">The dialog, a random 53-bit integer; 0 names the account's feed.</param>
public readonly record struct StreamKey(string Account, long DialogId)
{
    /// <summary>The stream of one dialog.</summary>
    /// <param name="account">The owning account.</param>
    /// <param name="dialogId">The dialog's id, greater than 0.</param>
    public static StreamKey ForDialog(string account, long dialogId) => new(account, dialogId);

    /// <summary>The feed of an account.</summary>
    /// <param name="account">The account.</param>
    public static StreamKey ForFeed(string account) => new(account, 0);

    /// <summary>How many partitions spread dialogs have. Fixed for ever: where keys lie follows from it.</summary>
    public const int Partitions = 1024;

    /// <summary>Whether this is an account's feed and not a dialog.</summary>
    public bool IsFeed => DialogId == 0;

    /// <summary>Whether this is a dialog whose keys lie apart from its account's.</summary>
    public bool IsSpread => DialogId != 0 && (DialogId & 1) == 0;

    /// <summary>The partition of a spread dialog.</summary>
    internal int Partition => (int)((DialogId >> 1) % Partitions);

    /// <inheritdoc/>
    public override string ToString() => IsFeed ? $"{Account}/feed" : $"{Account}/{DialogId}";
}
