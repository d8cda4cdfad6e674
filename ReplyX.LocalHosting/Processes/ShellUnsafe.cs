using System.Collections;

namespace ReplyX.LocalHosting.Processes;

/// <summary>Variables that a POSIX shell removes because their names are not valid in it, such as <c>ConnectionStrings__my-db</c>.</summary>
internal static class ShellUnsafe
{
    /// <summary>Lines of the form name=value, inherited ones included. A value with a line break cannot be passed on and is left out.</summary>
    public static string Of(IReadOnlyDictionary<string, string?> changes)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        foreach (var (name, value) in changes)
        {
            variables[name] = value;
        }

        return string.Concat(variables
            .Where(variable => variable.Value is { } value && !value.Contains('\n', StringComparison.Ordinal) && !IsShellName(variable.Key))
            .Select(variable => $"{variable.Key}={variable.Value}\n"));
    }

    private static bool IsShellName(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
