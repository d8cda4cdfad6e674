using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Holds what the dialogs' logs have given up: sealed segments of consecutive events. By default this is Redis, by
/// <see cref="ArchiveOptions.Store"/> files; another store is registered in its place before messaging is added.
/// <para>
/// An implementation may be called by several archivers at once and again after a crash. It need not understand a segment, and
/// whatever it hands back is checked before it is believed. Which of its segments count is not its concern but the dialog's mark's.
/// </para>
/// Methods throw <see cref="Redis.MessagingUnavailableException"/> when the store does not answer.
/// </summary>
public interface IDialogArchive
{
    /// <summary>
    /// Stores a segment under its dialog and last number, replacing one that is stored under the same. When the task has
    /// completed the segment is as safe as the store makes anything.
    /// </summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="cancellationToken">Gives up waiting; the segment may still be stored.</param>
    Task StoreAsync(StreamKey dialog, ArchiveSegment segment, CancellationToken cancellationToken);

    /// <summary>Finds the segment that ends at an event or, of those that end after it, ends first.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="seq">The event's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The segment's bytes as they were stored; null if all segments end before the event.</returns>
    Task<ReadOnlyMemory<byte>?> FindAsync(StreamKey dialog, long seq, CancellationToken cancellationToken);

    /// <summary>Deletes a dialog's segments up to one that was listed, and that one, even if a crash has left nothing but its entry in the list.</summary>
    /// <param name="segment">The last segment to go.</param>
    /// <param name="cancellationToken">Gives up waiting; a repeat finishes what was begun.</param>
    /// <returns>How many segments were deleted.</returns>
    Task<int> DeleteThroughAsync(SegmentId segment, CancellationToken cancellationToken);

    /// <summary>Deletes all that there is of a dialog, also what a crash has left unfinished.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="cancellationToken">Gives up waiting; a repeat finishes what was begun.</param>
    /// <returns>Whether nothing is left. Else it is to be tried again later: what a writer may still be at cannot be deleted.</returns>
    async Task<bool> DeleteAllAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        await DeleteThroughAsync(new SegmentId(dialog, long.MaxValue, DateTimeOffset.UnixEpoch), cancellationToken);
        return true;
    }

    /// <summary>Deletes all that there is of an account, also what belongs to no dialog any more.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting; a repeat finishes what was begun.</param>
    /// <returns>Whether nothing is left. Else it is to be tried again later.</returns>
    async Task<bool> DeleteAccountAsync(string account, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        while (true)
        {
            var left = await ListAsync(account, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, AtOnce, cancellationToken);
            if (left.Count == 0)
            {
                return true;
            }

            foreach (var segments in left.GroupBy(segment => segment.Dialog))
            {
                foreach (var segment in segments)
                {
                    await DeleteThroughAsync(segment, cancellationToken);
                }

                if (!await DeleteAllAsync(segments.Key, cancellationToken))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>
    /// Deletes the segments that end within one that counts by now, but not where it does: nobody counts on them. Mostly there is none. One
    /// whose archiver lost does no harm, but one from a past that a Redis restored from an older copy does not know holds other events of
    /// the same numbers. An archive that is restored together with Redis need not do anything.
    /// </summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="first">The first event of the segment that counts.</param>
    /// <param name="last">Its last event.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DeleteWithinAsync(StreamKey dialog, long first, long last, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The accounts that have segments, or once had.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken);

    /// <summary>An account's segments by the time of their newest event, the oldest first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="from">The first time wanted.</param>
    /// <param name="to">The last time wanted.</param>
    /// <param name="most">The most segments to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken);
}
