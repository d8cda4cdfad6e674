namespace ReplyX.Realtime.Health;

internal static class WebSocketHealthEndpoint
{
    public static void MapWebSocketHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/health/websocket", async (WebSocketHealth health, CancellationToken cancellationToken) =>
        {
            var report = await health.ReportAsync(cancellationToken);
            return TypedResults.Json(
                report,
                HealthJson.Default.WebSocketReport,
                statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithName("WebSocketHealth");
}
