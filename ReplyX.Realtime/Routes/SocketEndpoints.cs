using ReplyX.Realtime.Connections;

namespace ReplyX.Realtime.Routes;

internal static class SocketEndpoints
{
    /// <summary>Maps every path of <see cref="SocketRoutes"/>, for all methods: what is no upgrade is told so.</summary>
    public static void MapSockets(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<SocketHandler>();
        foreach (var route in SocketRoutes.All)
        {
            // A socket's length is no request's duration.
            endpoints.Map(route.Path, context => handler.HandleAsync(context, route))
                .WithDisplayName($"socket {route.Type}")
                .DisableHttpMetrics();
        }
    }
}
