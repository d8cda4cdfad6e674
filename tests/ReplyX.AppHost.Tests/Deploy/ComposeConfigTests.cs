using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>Compose itself reads the files: docker compose where it is, else docker-compose.</summary>
public sealed class ComposeConfigTests
{
    [Fact]
    public async Task Every_combination_of_files_is_taken_and_what_is_missing_is_named()
    {
        var (program, arguments) = await FindAsync();
        string[][] combinations =
        [
            [ComposeFiles.Shared],
            [ComposeFiles.Shared, ComposeFiles.Blue],
            [ComposeFiles.Shared, ComposeFiles.Green],
            [ComposeFiles.Shared, ComposeFiles.Blue, ComposeFiles.Green],
            [ComposeFiles.Shared, ComposeFiles.Blue, ComposeFiles.Green, ComposeFiles.Archive],
        ];
        foreach (var files in combinations)
        {
            var (exitCode, output) = await ConfigureAsync(files, missing: null);
            Assert.True(exitCode == 0, $"{string.Join(' ', files)}: {output}");
        }

        var (refused, said) = await ConfigureAsync(combinations[^1], missing: "REPLYX_SECRETS_GID");
        Assert.NotEqual(0, refused);
        Assert.Contains("REPLYX_SECRETS_GID", said, StringComparison.Ordinal);

        Task<(int ExitCode, string Output)> ConfigureAsync(string[] files, string? missing)
        {
            var start = new ProcessStartInfo(program, [.. arguments, .. files.SelectMany(file => (string[])["-f", ComposeFiles.Path(file)]), "config", "--quiet"]);
            foreach (var (name, value) in ComposeFiles.Variables.Where(variable => variable.Key != missing))
            {
                start.Environment[name] = value;
            }

            start.Environment["COMPOSE_PROFILES"] = "monitoring,dashboards";
            return Command.RunAsync(start);
        }
    }

    private static async Task<(string Program, string[] Arguments)> FindAsync()
    {
        if (RequiredTool.Find("docker") is { } docker
            && (await Command.RunAsync(new ProcessStartInfo(docker, ["compose", "version"]))).ExitCode == 0)
        {
            return (docker, ["compose"]);
        }

        return (RequiredTool.Path("docker-compose"), []);
    }
}
