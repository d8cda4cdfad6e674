using Microsoft.Net.Http.Headers;
using ReplyX.Messaging.Tokens;
using ReplyX.Realtime.Nodes;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Realtime.Health;

internal static class WebSocketHealthEndpoint
{
    private const string Scheme = "Bearer ";

    // Whoever only wants to know whether it is up asks by HEAD.
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps the cluster's health: open to all, and with an operator's token, or one of the platform's, each node beside it. It answers
    /// while Redis is away, so it does not ask whether an operator was signed out: their token runs out within minutes.
    /// </summary>
    public static void MapWebSocketHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/health/websocket", _methods, async Task<IResult> (
            HttpRequest request, WebSocketHealth health, NodeIdentity identity, TokenService tokens, CancellationToken cancellationToken) =>
        {
            var isOpen = request.Headers.Authorization.Count == 0;
            if (!isOpen && !await MaySeeNodesAsync(request, tokens))
            {
                request.HttpContext.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
                return TypedResults.Problem(ProblemFormat.Create(
                    StatusCodes.Status401Unauthorized, "unauthorized", "An operator's token, or one of the platform's, shows each node; without any the cluster is shown."));
            }

            var report = await health.ReportAsync(cancellationToken);
            return TypedResults.Json(
                isOpen ? report with { PerNode = null } : report with { Node = identity.Id },
                HealthJson.Default.WebSocketReport,
                statusCode: report.IsServing ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithName("WebSocketHealth");

    private static async Task<bool> MaySeeNodesAsync(HttpRequest request, TokenService tokens)
    {
        var header = request.Headers.Authorization.ToString();
        return request.HasPlatformToken()
            || (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (await tokens.CheckOperatorAsync(header[Scheme.Length..].Trim())).IsValid);
    }
}
