using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ReplyX.Realtime.Routes;

namespace ReplyX.Validation.Services;

/// <summary>Reads what the services are from the services themselves.</summary>
internal static class ServiceGraph
{
    /// <summary>Builds both services and looks at them.</summary>
    /// <param name="root">The working tree, for the services' settings.</param>
    public static async Task<SocketGraph> ReadAsync(string root)
    {
        await using var realtime = ServiceBuilder.Realtime(root);
        await using var api = ServiceBuilder.Api(root);
        var opens = new CredentialTrial(realtime.Services);
        var table = new List<TablePath>();
        foreach (var route in SocketRoutes.All)
        {
            table.Add(new TablePath(route.Path, route.Type, route.Pool, await opens.TryAllAsync(route)));
        }

        var endpoints = Endpoints(realtime);
        return new SocketGraph(
            table,
            endpoints,
            Endpoints(api),
            ListenerTrial.Ask([.. table.Select(row => row.Example), .. ListenerTrial.Strangers]),
            PoolTrial.Read(realtime.Services),
            AddressTrial.Make());
    }

    private static List<GraphEndpoint> Endpoints(WebApplication app) =>
    [
        .. ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => new GraphEndpoint(
                endpoint.RoutePattern, endpoint.DisplayName ?? "without a name", endpoint.Metadata.GetMetadata<SocketRoute>()?.Path)),
    ];
}
