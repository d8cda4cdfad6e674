using ReplyX.Realtime.Connections;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Routes;

internal static class SocketEndpoints
{
    /// <summary>Ends the connection with every answer below <c>/ws</c> that is no upgrade, where no endpoint was found too.</summary>
    public static void UseSocketRefusals(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (SocketRoutes.Contains(context.Request.Path))
        {
            Handshake.CloseUnlessUpgraded(context);
        }

        return next(context);
    });

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
