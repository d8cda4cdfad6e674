using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>The archive that the options ask for, with something happening just before it is used.</summary>
internal sealed class HookedArchive(IServiceProvider services) : IDialogArchive
{
    private readonly IDialogArchive _inner = MessagingExtensions.CreateArchive(services);

    public Func<Task>? BeforeStore { get; init; }

    public Func<Task>? BeforeFind { get; set; }

    public async Task StoreAsync(StreamKey dialog, ArchiveSegment segment, CancellationToken cancellationToken)
    {
        await (BeforeStore?.Invoke() ?? Task.CompletedTask);
        await _inner.StoreAsync(dialog, segment, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> FindAsync(StreamKey dialog, long seq, CancellationToken cancellationToken)
    {
        await (BeforeFind?.Invoke() ?? Task.CompletedTask);
        return await _inner.FindAsync(dialog, seq, cancellationToken);
    }

    public Task<int> DeleteThroughAsync(SegmentId segment, CancellationToken cancellationToken) =>
        _inner.DeleteThroughAsync(segment, cancellationToken);

    public Task DeleteWithinAsync(StreamKey dialog, long first, long last, CancellationToken cancellationToken) =>
        _inner.DeleteWithinAsync(dialog, first, last, cancellationToken);

    public Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken) => _inner.ListAccountsAsync(cancellationToken);

    public Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken) =>
        _inner.ListAsync(account, from, to, most, cancellationToken);
}
