using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Validation.Tests.Scripts;

/// <summary>A git repository of a test's own.</summary>
internal sealed class ScratchRepository : IDisposable
{
    private readonly TempDirectory _folder = new();

    public static async Task<ScratchRepository> CreateAsync()
    {
        var made = new ScratchRepository();
        await made.GitAsync("init", "--quiet", "--initial-branch=main");
        return made;
    }

    /// <summary>Appends a line to each file and commits.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(string message, params string[] files)
    {
        foreach (var file in files)
        {
            var path = _folder.File(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.AppendAllTextAsync(path, message + "\n", TestContext.Current.CancellationToken);
        }

        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", message);
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    public async Task<string> GitAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(RequiredTool.Path("git"), arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Runs a program in it, with nothing of the developer's own git settings.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path };
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        start.Environment["GIT_AUTHOR_NAME"] = start.Environment["GIT_COMMITTER_NAME"] = "Test";
        start.Environment["GIT_AUTHOR_EMAIL"] = start.Environment["GIT_COMMITTER_EMAIL"] = "test@example.com";
        start.Environment["GITHUB_ACTIONS"] = "true";
        return Command.RunAsync(start);
    }

    public void Dispose() => _folder.Dispose();
}
