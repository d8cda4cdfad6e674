using Microsoft.AspNetCore.Http;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>
/// What the platform asks of itself, every second or five: probes, scrapes and the lists behind them. Traces of it would outnumber all
/// others and tell nothing.
/// </summary>
internal static class QuietPaths
{
    private static readonly PathString[] _paths = ["/health", "/alive", "/metrics", "/internal"];

    public static bool Contains(PathString path) => Array.Exists(_paths, quiet => path.StartsWithSegments(quiet));

    public static bool Contains(Uri? address) =>
        address is { IsAbsoluteUri: true } && Contains(new PathString(address.AbsolutePath));
}
