using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>The archive in Redis, with something happening just before it is used.</summary>
internal sealed class HookedArchive(IServiceProvider services) : IDialogArchive
{
    private readonly RedisDialogArchive _inner = new(services.GetRequiredService<RedisGateway>());

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

    public Task<int> DeleteThroughAsync(StreamKey dialog, long seq, CancellationToken cancellationToken) =>
        _inner.DeleteThroughAsync(dialog, seq, cancellationToken);

    public Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken) => _inner.ListAccountsAsync(cancellationToken);

    public Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken) =>
        _inner.ListAsync(account, from, to, most, cancellationToken);
}
