using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace ReplyX.Bench.Processes;

/// <summary>Where the servers lie that were built with the benchmark.</summary>
internal static class BuiltServers
{
    public static string Api => Metadata("Api");

    public static string Realtime => Metadata("Realtime");

    public static string AspNetPeers => Metadata("AspNetPeers");

    public static string NodePeers => Path.GetFullPath(Metadata("NodePeers"));

    /// <summary>Whether all are optimised.</summary>
    public static bool AreRelease => Metadata("Configuration") == "Release";

    /// <summary>How a .NET server is started at a port.</summary>
    public static ProcessStartInfo Start(string assembly, int port, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        // Settings files are read from the current folder.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        return start;
    }

    private static string Metadata(string key) => typeof(BuiltServers).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
