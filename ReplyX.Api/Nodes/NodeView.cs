using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>A realtime node as people look at it.</summary>
internal sealed record NodeView(
    string Id, Uri Address, string Host, int Pid, DateTimeOffset StartedAt, bool Ready, int AdminConnections, int SiteConnections)
{
    public static NodeView Of(NodeReport node) => new(
        node.Id, node.Address, node.Host, node.ProcessId, node.StartedAt, node.Ready, node.AdminConnections, node.SiteConnections);
}
