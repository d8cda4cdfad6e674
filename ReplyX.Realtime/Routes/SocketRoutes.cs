using ReplyX.Messaging.Nodes;

namespace ReplyX.Realtime.Routes;

/// <summary>Every path for sockets, in one table. Nothing else maps one.</summary>
internal static class SocketRoutes
{
    private const string Root = "/ws";

    public static readonly IReadOnlyList<SocketRoute> All =
    [
        new("/ws/widget/dialogs/{id}", SocketKind.Widget, NodeRegistry.AdminPool),
        new("/ws/site/dialogs/{id}", SocketKind.Site, NodeRegistry.SitePool),
        new("/ws/dialogs/{id}", SocketKind.Operator, NodeRegistry.AdminPool),
        new("/ws/dialogs", SocketKind.List, NodeRegistry.AdminPool),
    ];

    /// <summary>Whether a path is one for sockets, or looks like one.</summary>
    public static bool Contains(PathString path) => path.StartsWithSegments(Root);
}
