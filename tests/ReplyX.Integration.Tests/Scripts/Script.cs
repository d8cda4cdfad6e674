using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>A script of <c>scripts/</c> as a process.</summary>
internal static class Script
{
    /// <summary>Skips the test where a tool of theirs is missing.</summary>
    public static void RequireTools()
    {
        foreach (var tool in (string[])["bash", "curl", "jq", "openssl"])
        {
            RequiredTool.Path(tool);
        }
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string script, string[] arguments, (string Name, string Value)[] environment, string? input = null)
    {
        var start = new ProcessStartInfo(RequiredTool.Path("bash"));
        if (input is null)
        {
            start.ArgumentList.Add(Repository.File("scripts", script));
        }
        else
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("\"$0\" \"$@\" <<<\"$INPUT\"");
            start.ArgumentList.Add(Repository.File("scripts", script));
            start.Environment["INPUT"] = input;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The developer's own settings are not the test's.
        foreach (var name in start.Environment.Keys.ToList())
        {
            if (name.StartsWith("HEALTH_", StringComparison.Ordinal) || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return await Command.RunAsync(start);
    }
}
