using System.Diagnostics;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.LastRelease;

/// <summary>The services of the last release, as <c>eng/last-release.sh</c> builds them; this build's where that commit is not to be had.</summary>
/// <param name="Api">The Api's assembly.</param>
/// <param name="Realtime">The realtime service's assembly.</param>
/// <param name="Missing">Why it is this build's; null if it is the last release's.</param>
internal sealed record LastReleaseFolder(string Api, string Realtime, string? Missing)
{
    private const int NotToBeHad = 2;

    private static readonly TimeSpan _buildLimit = TimeSpan.FromMinutes(8);

    public static async Task<LastReleaseFolder> FindAsync()
    {
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo(RequiredTool.Path("bash"), [Repository.File("eng", "last-release.sh")]), _buildLimit);
        if (exitCode == NotToBeHad)
        {
            return new LastReleaseFolder(BuiltServices.Api, BuiltServices.Realtime, output.Trim());
        }

        Assert.True(exitCode == 0, output);
        var folder = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Last(line => line.StartsWith('/'));
        return new LastReleaseFolder(Path.Combine(folder, "api", "ReplyX.Api.dll"), Path.Combine(folder, "realtime", "ReplyX.Realtime.dll"), null);
    }
}
