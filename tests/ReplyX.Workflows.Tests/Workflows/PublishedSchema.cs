using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Workflows;

/// <summary>eng/github, which asks what GitHub publishes. Its packages are installed once, by the first test that wants them.</summary>
internal static class PublishedSchema
{
    private static readonly string _folder = Repository.File("eng", "github");
    private static readonly Lazy<Task> _installed = new(() => NodePackages.InstallAsync(_folder));

    public static async Task<(int ExitCode, string Output)> CheckAsync(IReadOnlyCollection<string> files)
    {
        await _installed.Value;
        return await Command.RunAsync(
            new ProcessStartInfo(RequiredTool.Path("npm"), ["run", "--silent", "check", "--", .. files]) { WorkingDirectory = _folder });
    }
}
