namespace ReplyX.Messaging.Streams;

/// <summary>
/// Names one ordered stream of events: a dialog's, or an account's feed of what happens in its dialogs.
/// The account is the Redis hash tag, so that one script may touch all that belongs to it.
/// </summary>
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

    /// <summary>Whether this is an account's feed and not a dialog.</summary>
    public bool IsFeed => DialogId == 0;

    /// <inheritdoc/>
    public override string ToString() => IsFeed ? $"{Account}/feed" : $"{Account}/{DialogId}";
}
