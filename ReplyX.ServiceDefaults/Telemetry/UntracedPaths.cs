using Microsoft.AspNetCore.Http;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>
/// The paths of the platform's own requests, such as probes and scrapes, which come every few seconds. Their traces would outnumber all
/// others without being useful.
/// </summary>
internal static class UntracedPaths
{
    private static readonly PathString[] _paths = ["/health", "/alive", "/metrics", "/internal"];

    public static bool Contains(PathString path) => Array.Exists(_paths, quiet => path.StartsWithSegments(quiet));

    public static bool Contains(Uri? address) =>
        address is { IsAbsoluteUri: true } && Contains(new PathString(address.AbsolutePath));
}
