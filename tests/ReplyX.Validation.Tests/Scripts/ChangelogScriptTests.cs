using ReplyX.Testing;

namespace ReplyX.Validation.Tests.Scripts;

public sealed class ChangelogScriptTests
{
    private const string Changelog = "docs/websocket/CHANGELOG.md";

    // One repository for all, since each commit is three processes: every case is a range of it.
    [Fact]
    public async Task Realtime_code_does_not_change_without_the_changelog()
    {
        using var repository = await ScratchRepository.CreateAsync();
        var first = await repository.CommitAsync("First", Changelog, "README.md");
        var elsewhere = await repository.CommitAsync(
            "Elsewhere", "ReplyX.Api/Program.cs", "ReplyX.Client/README.md", "clients/js/README.md", "clients/js/test/a.js", "ReplyX.Messaging/Accounts/A.cs", "docs/websocket/limits.md");
        var realtime = await repository.CommitAsync("Realtime", "ReplyX.Realtime/Delivery/Ä b.cs", "ReplyX.Messaging/Dialogs/append.lua", "clients/js/src/a.js");
        var written = await repository.CommitAsync("Written", Changelog);
        var renamed = await repository.CommitAsync("A rename\n\nChangelog: none, a name only", "ReplyX.Client/A.cs", "docs/websocket/protocol.md");
        var silent = await repository.CommitAsync("No reason\n\nChangelog: none", "ReplyX.Client/B.cs");
        var both = await repository.CommitAsync("Both", "ReplyX.Client/A.cs");
        await repository.GitAsync("rm", "--quiet", "ReplyX.Realtime/Delivery/Ä b.cs");
        var gone = await repository.CommitAsync("Gone");
        await repository.GitAsync("checkout", "--quiet", "-b", "side", first);
        var side = await repository.CommitAsync("Beside", "README.md");
        await repository.GitAsync("checkout", "--quiet", "--orphan", "stranger");
        var stranger = await repository.CommitAsync("Of no common history");

        Assert.Equal((0, "Realtime code did not change.\n"), await CheckAsync(first, elsewhere));
        var (exitCode, output) = await CheckAsync(first, realtime);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"Realtime code changed, and {Changelog} has nothing new:\n  ReplyX.Messaging/Dialogs/append.lua\n  ReplyX.Realtime/Delivery/Ä b.cs\n  clients/js/src/a.js\n",
            output,
            StringComparison.Ordinal);
        Assert.EndsWith($"\n::error file={Changelog}::Realtime code changed (3 files) and the changelog has nothing new\n", output, StringComparison.Ordinal);
        Assert.Equal((0, $"Realtime code changed, and {Changelog} has new lines: 1.\n"), await CheckAsync(first, written));

        // What the base has beyond the common commit is not the range's.
        Assert.Equal((0, "Realtime code did not change.\n"), await CheckAsync(gone, side));
        Assert.Equal((0, "Realtime code changed, by commits that need no entry in the changelog.\n"), await CheckAsync(written, renamed));
        Assert.Equal(["  ReplyX.Client/B.cs"], Files(await CheckAsync(written, silent)));
        Assert.Equal(["  ReplyX.Client/A.cs", "  ReplyX.Client/B.cs"], Files(await CheckAsync(written, both)));
        Assert.Equal(["  ReplyX.Realtime/Delivery/Ä b.cs"], Files(await CheckAsync(both, gone)));

        Assert.Equal(2, (await CheckAsync("nothing", first)).ExitCode);
        Assert.Equal(2, (await CheckAsync(stranger, first)).ExitCode);
        Assert.Equal(64, (await CheckAsync(first)).ExitCode);
        Assert.Equal(64, (await CheckAsync(first, side, first)).ExitCode);
        Assert.StartsWith("Sees to it", (await CheckAsync("--help")).Output, StringComparison.Ordinal);

        Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments) =>
            repository.RunAsync(RequiredTool.Path("bash"), [Repository.File("scripts", "check-changelog.sh"), .. arguments]);
    }

    private static IEnumerable<string> Files((int ExitCode, string Output) answer)
    {
        Assert.Equal(1, answer.ExitCode);
        return answer.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal));
    }
}
