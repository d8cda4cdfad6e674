using ReplyX.Realtime.Upgrades;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Routes;

internal static class SocketEndpoints
{
    /// <summary>Ends the connection with every answer below <c>/ws</c> that is no upgrade, where no endpoint was found too.</summary>
    public static void UseSocketRefusals(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!SocketRoutes.Contains(context.Request.Path))
        {
            return next(context);
        }

        Handshake.CloseUnlessUpgraded(context);

        // Found by the listener, which leaves it to the server to tell.
        return context.Features.Get<SocketProblem>() is { } problem ? problem.WriteAsync(context) : next(context);
    });

    /// <summary>Maps every path of <see cref="SocketRoutes"/>, for all methods: what is no upgrade is told so.</summary>
    public static void MapSockets(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<SocketHandler>();
        foreach (var route in SocketRoutes.All)
        {
            // A socket's length is no request's duration.
            endpoints.Map(route.Path, async context =>
                {
                    var upgrade = new HttpUpgrade(context, route);
                    // It may end on a loop, where the server has no business.
                    await handler.HandleAsync(upgrade).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    await upgrade.Ended;
                })
                .WithDisplayName($"socket {route.Type}")
                .WithMetadata(route)
                .DisableHttpMetrics();
        }
    }
}
