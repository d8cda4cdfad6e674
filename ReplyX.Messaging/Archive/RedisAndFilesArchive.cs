using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// One archive of which a part is in Redis and a part is in files. New segments go where the options say, and everything else looks at
/// both, so that processes of either setting can run side by side, and <see cref="ArchiveMover"/> can take from the one to the other.
/// </summary>
internal sealed class RedisAndFilesArchive(RedisDialogArchive redis, FileDialogArchive files, ArchiveStore store) : IDialogArchive
{
    public ArchiveStore Store => store;

    public RedisDialogArchive Redis => redis;

    public FileDialogArchive Files => files;

    public Task StoreAsync(StreamKey dialog, ArchiveSegment segment, CancellationToken cancellationToken) =>
        ((IDialogArchive)(store == ArchiveStore.Files ? files : redis)).StoreAsync(dialog, segment, cancellationToken);

    public async Task<ReadOnlyMemory<byte>?> FindAsync(StreamKey dialog, long seq, CancellationToken cancellationToken)
    {
        // Mostly the end of it: whoever has the event has what is wanted.
        if (await files.FindAsync(dialog, seq, cancellationToken) is { } first && Contains(first, seq))
        {
            return first;
        }

        var inRedis = await redis.FindAsync(dialog, seq, cancellationToken);
        if (inRedis is { } second && Contains(second, seq))
        {
            return second;
        }

        // It may have been moved between the two looks, and is never moved back.
        return await files.FindAsync(dialog, seq, cancellationToken) is { } third && (inRedis is null || Contains(third, seq) || Last(third) <= Last(inRedis.Value))
            ? third
            : inRedis;
    }

    public async Task<int> DeleteThroughAsync(SegmentId segment, CancellationToken cancellationToken) =>
        await redis.DeleteThroughAsync(segment, cancellationToken) + await files.DeleteThroughAsync(segment, cancellationToken);

    public async Task<bool> DeleteAllAsync(StreamKey dialog, CancellationToken cancellationToken) =>
        await redis.DeleteAllAsync(dialog, cancellationToken) & await files.DeleteAllAsync(dialog, cancellationToken);

    public async Task<bool> DeleteAccountAsync(string account, CancellationToken cancellationToken) =>
        await redis.DeleteAccountAsync(account, cancellationToken) & await files.DeleteAccountAsync(account, cancellationToken);

    public Task DeleteWithinAsync(StreamKey dialog, long first, long last, CancellationToken cancellationToken) =>
        files.DeleteWithinAsync(dialog, first, last, cancellationToken);

    public async Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken) =>
        [.. (await redis.ListAccountsAsync(cancellationToken)).Union(await files.ListAccountsAsync(cancellationToken))];

    public async Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        var inRedis = await redis.ListAsync(account, from, to, most, cancellationToken);
        var inFiles = await files.ListAsync(account, from, to, most, cancellationToken);
        return [.. inRedis.Union(inFiles).OrderBy(segment => segment.NewestAt).Take(most)];
    }

    private static bool Contains(ReadOnlyMemory<byte> segment, long seq) => SegmentFormat.TryReadRange(segment.Span) is { } range && range.Contains(seq);

    // One that is damaged comes first, so that it is seen.
    private static long Last(ReadOnlyMemory<byte> segment) => SegmentFormat.TryReadRange(segment.Span)?.Last ?? 0;
}
