using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Client.Js.Tests;

/// <summary>The package by itself, without a server.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Its_types_hold()
    {
        var compiler = Path.Combine(NodeTool.Package, "node_modules", "typescript", "bin", "tsc");
        if (!File.Exists(compiler))
        {
            var install = new ProcessStartInfo(RequiredTool.Path("npm"), ["ci"]) { WorkingDirectory = NodeTool.Package };
            var (exitCode, output) = await Command.RunAsync(install, TimeSpan.FromMinutes(3));
            Assert.True(exitCode == 0, $"npm ci ended with {exitCode}:\n{output}");
        }

        await NodeTool.RunAsync(new Dictionary<string, string>(), compiler, "-p", ".");
    }

    [Fact]
    public Task Its_own_tests_pass() => NodeTool.RunAsync(new Dictionary<string, string>(), ["--test", .. Tests("unit")]);

    /// <summary>The test files of a folder: node before version 21 takes no patterns.</summary>
    internal static IEnumerable<string> Tests(string folder) =>
        Directory.GetFiles(Path.Combine(NodeTool.Package, "test", folder), "*.test.js").Order(StringComparer.Ordinal);
}
