using ReplyX.Validation.Routing;

namespace ReplyX.Validation.Tests.Routing;

public sealed class DeliveryTests(Reality reality)
{
    private const string File = "ReplyX.Realtime/Delivery/Seeded.cs";
    private static readonly DeliveryIgnoresPools _ignores = new();

    private Subject Subject => reality.Subject;

    // All in one: to bind the sources costs a second each time.
    [Fact]
    public void Whatever_delivery_knows_of_pools_is_named()
    {
        var seeded = Subject
            .With(File, Code(
                """
                var route = member.Peer.Route;
                var byPool = route.Pool.Length > 0;
                var byName = member.Peer.ToString() == "ws_site_connections";
                var byConstant = NodeRegistry.SitePool.Length > 0;
                var byCounts = services.Connections.Pools.Count > 0;
                var byWho = member.Peer.Route.IsForVisitors;
                var byKind = member.Peer.Route.Kind == SocketKind.Site;
                var byHelper = member.Peer.HearsAll;
                var noPool = System.Buffers.ArrayPool<byte>.Shared is not null;
                """))
            .With("ReplyX.Realtime/Connections/Peer.cs", "    /// <summary>The operator's id", "    public bool HearsAll => !IsSite;\n\n    private bool IsSite => Route.Pool == NodeRegistry.SitePool;\n\n    /// <summary>The operator's id")
            .With("ReplyX.Realtime/Connections/Peer.cs", "using ReplyX.Realtime.Routes;", "using ReplyX.Messaging.Nodes;\nusing ReplyX.Realtime.Routes;")
            .With("ReplyX.Realtime/Connections/SocketConnection.Seeded.cs", "namespace ReplyX.Realtime.Connections;\n\ninternal sealed partial class SocketConnection\n{\n    private bool IsTold() => Peer.Route.Kind == Routes.SocketKind.List;\n}\n")
            .With("ReplyX.Messaging/PubSub/Seeded.cs", "namespace ReplyX.Messaging.PubSub;\n\ninternal static class Seeded\n{\n    public static string Pool => Nodes.NodeRegistry.AdminPool + \"ws_connections\";\n}\n");

        Assert.Equal(
            [
                "ReplyX.Messaging/PubSub/Seeded.cs:5: \"ws_connections\" is a pool, and this is delivery",
                "ReplyX.Messaging/PubSub/Seeded.cs:5: AdminPool is a pool, and this is delivery",
                "ReplyX.Realtime/Connections/SocketConnection.Seeded.cs:5: SocketKind.List is of the route, and this is delivery",
                "ReplyX.Realtime/Connections/SocketConnection.Seeded.cs:5: SocketRoute.Kind is of the route, and this is delivery",
                $"{File}:12: SocketRoute.Pool is of pools, and this is delivery",
                $"{File}:13: \"ws_site_connections\" is a pool, and this is delivery",
                $"{File}:14: NodeRegistry.SitePool is of pools, and this is delivery",
                $"{File}:15: ConnectionTable.Pools is of pools, and this is delivery",
                $"{File}:16: SocketRoute.IsForVisitors is of the route, and this is delivery",
                $"{File}:17: SocketKind.Site is of the route, and this is delivery",
                $"{File}:17: SocketRoute.Kind is of the route, and this is delivery",
                $"{File}:18: Peer.HearsAll looks at the pool, and this is delivery",
            ],
            seeded.Faults(_ignores).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sources_that_it_cannot_read_or_find_are_faults_and_no_success()
    {
        var renamed = Subject
            .With("ReplyX.Realtime/Routes/SocketRoute.cs", "internal sealed record SocketRoute(", "internal sealed record SocketPath(")
            .With(File, "namespace ReplyX.Realtime.Delivery;\n\ninternal sealed class Seeded(Unheard of);\n");

        var faults = renamed.Faults(_ignores).ToList();

        Assert.Contains(faults, fault => fault.StartsWith($"{File}:3: cannot be read: ", StringComparison.Ordinal));
        Assert.Contains("ReplyX.Realtime: ReplyX.Realtime.Routes.SocketRoute.Pool is gone: this check does not know any more what a pool is", faults);
    }

    private static string Code(string statements) =>
        $$"""
        using ReplyX.Messaging.Nodes;
        using ReplyX.Realtime.Connections;
        using ReplyX.Realtime.Routes;

        namespace ReplyX.Realtime.Delivery;

        internal static class Seeded
        {
            public static void Do(SocketConnection member, DeliveryServices services)
            {
        {{statements}}
            }
        }
        """;
}
