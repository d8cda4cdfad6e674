using System.Diagnostics;
using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Client.Js.Tests;

/// <summary>Node, as the JavaScript client needs it.</summary>
internal static class NodeTool
{
    private const int LeastVersion = 20;

    /// <summary>From this version on Node has a WebSocket without being asked for it.</summary>
    private const int WithWebSocket = 22;

    /// <summary>Where the package lies.</summary>
    public static string Package { get; } = Repository.File("clients", "js");

    /// <summary>Makes ready to run node in the package's folder. Where it is missing or too old the test is skipped.</summary>
    /// <param name="arguments">What to run.</param>
    public static async Task<ProcessStartInfo> PrepareAsync(params IEnumerable<string> arguments)
    {
        var node = RequiredTool.Path("node");
        var (_, version) = await Command.RunAsync(new ProcessStartInfo(node, ["--version"]));
        var major = int.Parse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture);
        if (major < LeastVersion)
        {
            const string Why = "node is older than version 20";
            Assert.False(Environment.GetEnvironmentVariable("REPLYX_REQUIRE_TOOLS") == "1", Why + ", and REPLYX_REQUIRE_TOOLS asks for it");
            Assert.Skip(Why);
        }

        return new ProcessStartInfo(node, [.. major < WithWebSocket ? ["--no-warnings", "--experimental-websocket"] : Array.Empty<string>(), .. arguments])
        {
            WorkingDirectory = Package,
        };
    }

    /// <summary>Runs node, which must end well.</summary>
    /// <param name="environment">Variables for it.</param>
    /// <param name="arguments">What to run.</param>
    public static async Task RunAsync(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = await PrepareAsync(arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var (exitCode, output) = await Command.RunAsync(start, TimeSpan.FromMinutes(3));
        Assert.True(exitCode == 0, $"node {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
    }
}
