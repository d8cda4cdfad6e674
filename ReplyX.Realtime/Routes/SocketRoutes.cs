using System.Diagnostics.CodeAnalysis;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Realtime.Routes;

/// <summary>Every path for sockets, in one table. Nothing else maps one.</summary>
internal static class SocketRoutes
{
    private const string Root = "/ws";
    private const string Id = "{id}";

    public static readonly IReadOnlyList<SocketRoute> All =
    [
        new("/ws/widget/dialogs/{id}", SocketKind.Widget, NodeRegistry.AdminPool),
        new("/ws/site/dialogs/{id}", SocketKind.Site, NodeRegistry.SitePool),
        new("/ws/dialogs/{id}", SocketKind.Operator, NodeRegistry.AdminPool),
        new("/ws/dialogs", SocketKind.List, NodeRegistry.AdminPool),
    ];

    /// <summary>Finds the route of a path that is written as the table writes it; a path that is written otherwise is the router's to read.</summary>
    /// <param name="path">The path, without escapes.</param>
    /// <param name="route">Its route.</param>
    /// <param name="id">The dialog's id; null on a route without one.</param>
    public static bool TryMatch(string path, [NotNullWhen(true)] out SocketRoute? route, out string? id)
    {
        foreach (var candidate in All)
        {
            if (candidate.Path == path)
            {
                (route, id) = (candidate, null);
                return true;
            }

            var prefix = candidate.Path.AsSpan(0, candidate.Path.Length - (candidate.Path.EndsWith(Id, StringComparison.Ordinal) ? Id.Length : 0));
            if (prefix.Length < candidate.Path.Length
                && path.Length > prefix.Length
                && path.AsSpan().StartsWith(prefix)
                && !path.AsSpan(prefix.Length).Contains('/'))
            {
                (route, id) = (candidate, path[prefix.Length..]);
                return true;
            }
        }

        (route, id) = (null, null);
        return false;
    }

    /// <summary>Whether a path is one for sockets, or looks like one.</summary>
    public static bool Contains(PathString path) => path.StartsWithSegments(Root);
}
