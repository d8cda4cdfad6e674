using System.Diagnostics;

namespace ReplyX.Testing;

/// <summary>A folder whose checks need packages of npm.</summary>
public static class NodePackages
{
    /// <summary>Installs what the folder's lock file names; skips the test where npm cannot, unless tools are required.</summary>
    public static async Task InstallAsync(string folder)
    {
        RequiredTool.Path("node");
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo(RequiredTool.Path("npm"), ["ci", "--no-audit", "--no-fund", "--prefer-offline"]) { WorkingDirectory = folder },
            2 * TestTimeout.Default);
        if (exitCode == 0)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("REPLYX_REQUIRE_TOOLS") == "1")
        {
            Assert.Fail($"npm ci failed, and REPLYX_REQUIRE_TOOLS asks for what it installs:\n{output}");
        }

        Assert.Skip($"npm cannot install the packages of {Path.GetFileName(folder)} here");
    }

    /// <summary>Runs one of the folder's scripts.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string folder, string script) => Command.RunAsync(
        new ProcessStartInfo(RequiredTool.Path("npm"), ["run", "--silent", script]) { WorkingDirectory = folder }, 2 * TestTimeout.Default);
}
