using Microsoft.AspNetCore.Routing.Patterns;

namespace ReplyX.Realtime.Routes;

/// <summary>
/// Stops the start when two endpoints answer one path. Routing itself would only complain at the first request, and two
/// handlers of one socket path once split a dialog's events between two pools.
/// </summary>
internal static class DuplicateEndpoints
{
    /// <summary>Finds a path that two endpoints answer.</summary>
    /// <exception cref="InvalidOperationException">There is one; the message names it and both endpoints.</exception>
    public static void ThrowIfAny(IEnumerable<EndpointDataSource> sources)
    {
        var duplicates = sources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => Methods(endpoint).Select(method => (Path: Shape(endpoint.RoutePattern), method, endpoint)))
            .GroupBy(entry => (entry.Path, entry.method), entry => entry.endpoint)
            .Where(group => group.Distinct().Count() > 1)
            .Select(group => $"{group.Key.method} {group.Key.Path}: {string.Join(" and ", group.Distinct().Select(endpoint => endpoint.DisplayName))}")
            .ToList();
        if (duplicates.Count > 0)
        {
            throw new InvalidOperationException($"Two endpoints for one path: {string.Join("; ", duplicates)}.");
        }
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : [HttpMethods.Get];

    // Two patterns that differ only in their parameters' names match the same paths.
    private static string Shape(RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
            part is RoutePatternLiteralPart literal ? literal.Content.ToLowerInvariant() : "{}"))));
}
