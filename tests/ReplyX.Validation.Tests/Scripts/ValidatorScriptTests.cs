using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Validation.Tests.Scripts;

/// <summary>The scripts as people and workflows run them.</summary>
public sealed class ValidatorScriptTests
{
    private const string Client = "clients/js/src/socket.js";

    [Fact]
    public async Task This_repository_has_one_endpoint_for_each_path()
    {
        var (exitCode, output) = await RunAsync("validate-websocket-endpoints.cs");

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("6 checks, no fault", output.TrimEnd(), StringComparison.Ordinal);
    }

    // One fault among what is otherwise this repository: so its other checks passed.
    [Fact]
    public async Task A_fault_in_a_tree_fails_the_run_and_is_annotated()
    {
        using var tree = new TempDirectory();
        Link(Repository.Root, tree.Path, except: "clients");
        Link(Repository.File("clients"), tree.File("clients"), except: "js");
        Link(Repository.File("clients", "js"), tree.File("clients", "js"), except: "src");
        Link(Repository.File("clients", "js", "src"), tree.File("clients", "js", "src"), except: "socket.js");
        var lines = File.ReadAllLines(Repository.File(Client));
        await File.WriteAllLinesAsync(tree.File(Client), [.. lines, "export const path = (id) => `/ws/visitor/dialogs/${id}`;"], TestContext.Current.CancellationToken);

        var (exitCode, output) = await RunAsync("validate-websocket-routing.cs", ("GITHUB_ACTIONS", "true"), "--root", tree.Path);

        Assert.True(exitCode == 1, output);
        Assert.Contains($"\n{Client}:{lines.Length + 1}: /ws/visitor/dialogs/${{id}} is a path that no route has\n", output, StringComparison.Ordinal);
        Assert.Contains($"\n::error file={Client},line={lines.Length + 1}::/ws/visitor/dialogs/${{id}} is a path that no route has\n", output, StringComparison.Ordinal);
        Assert.EndsWith("1 of 5 checks failed: 1 fault", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string script, (string Name, string Value) variable = default, params string[] arguments)
    {
        // The build of the tests has built all that the script refers to.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["run", Repository.File("scripts", script), "--", .. arguments])
        {
            WorkingDirectory = Repository.Root,
        };
        start.Environment.Remove("GITHUB_ACTIONS");
        if (variable.Name is not null)
        {
            start.Environment[variable.Name] = variable.Value;
        }

        return Command.RunAsync(start, 4 * TestTimeout.Default);
    }

    // A folder of links to what another has.
    private static void Link(string from, string to, string except)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            if (name != except && Directory.Exists(entry))
            {
                Directory.CreateSymbolicLink(Path.Combine(to, name), entry);
            }
            else if (name != except)
            {
                File.CreateSymbolicLink(Path.Combine(to, name), entry);
            }
        }
    }
}
