using System.Diagnostics;
using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Modules;

/// <summary>The pages' modules that need no browser: what they compute is tested by <c>node --test</c>, in the files beside this one.</summary>
public sealed class PageModuleTests
{
    private const int LeastVersion = 20;

    [Fact]
    public async Task They_Compute_What_Their_Tests_Ask()
    {
        var node = RequiredTool.Path("node");
        var (_, version) = await Command.RunAsync(new ProcessStartInfo(node, ["--version"]));
        var isOld = int.Parse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture) < LeastVersion;
        Assert.False(isOld && Environment.GetEnvironmentVariable("REPLYX_REQUIRE_TOOLS") == "1", "node is too old");
        Assert.SkipWhen(isOld, "node is too old");

        var folder = Repository.File("tests", "ReplyX.E2E.Tests", "Modules");
        var tests = Directory.GetFiles(folder, "*.test.js").Order(StringComparer.Ordinal);
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(node, ["--test", .. tests]) { WorkingDirectory = folder }, TimeSpan.FromMinutes(2));

        Assert.True(exitCode == 0, $"node --test ended with {exitCode}:\n{output}");
    }
}
