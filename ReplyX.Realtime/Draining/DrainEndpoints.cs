namespace ReplyX.Realtime.Draining;

internal static class DrainEndpoint
{
    /// <summary>Maps the command that makes this node take leave and exit, as SIGTERM does.</summary>
    public static void MapDrain(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/internal/drain", (IHostApplicationLifetime lifetime) =>
        {
            // Not within the request: stopping waits for requests to end.
            ThreadPool.QueueUserWorkItem(_ => lifetime.StopApplication());
            return TypedResults.Accepted((string?)null);
        }).RequireMetricsToken();
}
