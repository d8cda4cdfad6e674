using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The guard before everything that is meant for Prometheus and the platform's own services.</summary>
public static class MetricsTokenExtensions
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// Answers 401 to requests without <c>Authorization: Bearer {Metrics:Token}</c>. With no token configured, which only Development
    /// allows, everybody passes. Works on single endpoints and on groups, of route handlers and of plain request delegates.
    /// </summary>
    public static TBuilder RequireMetricsToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        // Not an endpoint filter: those do not run before plain request delegates, of which the scrape is one.
        endpoints.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            var token = endpoint.ApplicationServices.GetRequiredService<IOptions<MetricsOptions>>().Value.Token;
            if (string.IsNullOrEmpty(token))
            {
                return;
            }

            var expected = Hash(token);
            endpoint.RequestDelegate = context => Holds(context.Request, expected) ? next(context) : RefuseAsync(context);
        });
        return endpoints;
    }

    private static bool Holds(HttpRequest request, byte[] expected)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), expected);
    }

    // Hashes are of one length, so the comparison tells nothing about the token's.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "A valid metrics token is required.",
            type: "https://replyx.dev/problems/unauthorized",
            extensions: new Dictionary<string, object?> { ["code"] = "unauthorized", ["trace_id"] = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier }).ExecuteAsync(context);
    }
}
