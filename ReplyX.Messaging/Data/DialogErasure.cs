using ReplyX.Messaging.Archive;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>The dialogs of an erasure: finds them and deletes them whole, one after the other. A worker goes on where another ended.</summary>
internal sealed class DialogErasure(JobDialogs dialogs, ExpiredDialogs removal)
{
    private const int AtOnce = 100;

    /// <summary>How long what could not be deleted is left: an archiver may have a file that is not finished (see FileDialogArchive).</summary>
    public static TimeSpan LeftPause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Finds them, with which the job is in the phase that deletes them.</summary>
    public async Task FindAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var total = await dialogs.FindAsync(lease, cancellationToken);
        await lease.SaveAsync(
            cancellationToken,
            [(DataJobRecord.Phase, "delete"), (DataJobRecord.Cursor, 0), (DataJobRecord.Left, 0), .. Shown(lease, 0, total)]);
    }

    /// <summary>Deletes them. How many are left, since somebody is at them, is noted.</summary>
    public async Task DeleteAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        while (await dialogs.ReadAsync(lease, lease.Number(DataJobRecord.Cursor), AtOnce, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var dialog in page)
            {
                var isGone = await removal.RemoveAsync(dialog, latest: null, cancellationToken);
                await lease.SaveAsync(
                    cancellationToken,
                    [
                        (DataJobRecord.Cursor, dialog.DialogId),
                        (DataJobRecord.Left, lease.Number(DataJobRecord.Left) + (isGone ? 0 : 1)),
                        .. Shown(lease, lease.Number(DataJobRecord.Done) + 1, lease.Number(DataJobRecord.Total)),
                    ]);
            }
        }
    }

    // The second round is no news to whoever watches the first.
    private static (string Field, RedisValue Value)[] Shown(DataJobLease lease, long done, long total) =>
        lease.Number(DataJobRecord.Round) == 0 ? [(DataJobRecord.Done, done), (DataJobRecord.Total, total)] : [];
}
