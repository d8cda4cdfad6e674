using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.PlatformAccess;
using ReplyX.ServiceDefaults.Problems;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Protects the platform's own endpoints with tokens.</summary>
public static class PlatformTokenExtensions
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// Answers 401 to requests without <c>Authorization: Bearer {Metrics:Token}</c>; <c>Operations:Token</c> is accepted too. If neither is
    /// configured, which only Development allows, every request is accepted.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireMetricsToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireToken("metrics", PlatformTokenOptions.Metrics, PlatformTokenOptions.Operations);

    /// <summary>
    /// Answers 401 to requests without <c>Authorization: Bearer {Operations:Token}</c>. If it is not configured every request is
    /// refused, except in Development without any token.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireOperationsToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireToken("operations", PlatformTokenOptions.Operations);

    /// <summary>Whether a request brings <c>Metrics:Token</c> or <c>Operations:Token</c>. Where neither is configured, none does.</summary>
    /// <param name="request">The request.</param>
    public static bool HasPlatformToken(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var options = request.HttpContext.RequestServices.GetRequiredService<IOptionsMonitor<PlatformTokenOptions>>();
        return HasToken(request, HashesOf(options, PlatformTokenOptions.Metrics, PlatformTokenOptions.Operations));
    }

    private static TBuilder RequireToken<TBuilder>(this TBuilder endpoints, string kind, params string[] accepted)
        where TBuilder : IEndpointConventionBuilder
    {
        // Not an endpoint filter: filters do not run for plain request delegates, such as the metrics endpoint.
        endpoints.Finally(endpoint =>
        {
            var services = endpoint.ApplicationServices;
            var options = services.GetRequiredService<IOptionsMonitor<PlatformTokenOptions>>();
            if (services.GetRequiredService<IHostEnvironment>().IsDevelopment()
                && string.IsNullOrEmpty(options.Get(PlatformTokenOptions.Metrics).Token)
                && string.IsNullOrEmpty(options.Get(PlatformTokenOptions.Operations).Token))
            {
                return;
            }

            var hashes = HashesOf(options, accepted);
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => HasToken(context.Request, hashes) ? next(context) : RefuseAsync(context, kind);
        });
        return endpoints;
    }

    private static byte[][] HashesOf(IOptionsMonitor<PlatformTokenOptions> options, params string[] accepted) =>
        [.. accepted.Select(name => options.Get(name).Token).Where(token => !string.IsNullOrEmpty(token)).Select(Hash!)];

    private static bool HasToken(HttpRequest request, byte[][] accepted)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = Hash(header[Scheme.Length..].Trim());
        return Array.Exists(accepted, token => CryptographicOperations.FixedTimeEquals(given, token));
    }

    // Hashes have the same length, so the comparison does not reveal the token's length.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Task RefuseAsync(HttpContext context, string kind)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        var problem = ProblemFormat.Create(StatusCodes.Status401Unauthorized, "unauthorized", $"A valid {kind} token is required.");
        problem.Extensions["trace_id"] = ProblemFormat.TraceIdOf(context);
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
