using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Nodes;

/// <summary>
/// The realtime nodes, also while Redis is away: then those that were there last. Their metrics are wanted most when it is.
/// </summary>
internal sealed class KnownNodes(NodeRegistry registry, TimeProvider time)
{
    // Shorter than Prometheus' timeout of 4 s, of which the node itself needs a part.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private IReadOnlyList<NodeReport> _last = [];

    /// <summary>A node by its id; null if there is none.</summary>
    public async Task<NodeReport?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(node => node.Id == id);

    private async Task<IReadOnlyList<NodeReport>> ListAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return _last = await registry.ListAsync(either.Token);
        }
        catch (Exception exception) when (
            exception is MessagingUnavailableException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return _last;
        }
    }
}
