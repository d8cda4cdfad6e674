namespace ReplyX.LocalHosting.Processes;

/// <summary>
/// How a reaper gets a session of its own, so that neither Ctrl+C nor a kill of the host's process group reaches it:
/// <c>setsid</c>, or Perl where that is missing (macOS).
/// </summary>
internal static class SessionTool
{
    private static readonly Lazy<(string, string[])> _found = new(() =>
        Find("setsid") is { } setsid
            ? (setsid, [])
            : ("perl", ["-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV"]));

    public static string Path => _found.Value.Item1;

    public static string[] Arguments => _found.Value.Item2;

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
