namespace ReplyX.Testing;

/// <summary>Executables that some tests need and a machine may lack.</summary>
public static class RequiredTool
{
    private static bool AreRequired => Environment.GetEnvironmentVariable("REPLYX_REQUIRE_TOOLS") == "1";

    /// <summary>
    /// Finds <paramref name="name"/> in PATH. Where it is missing the test is skipped, or fails if REPLYX_REQUIRE_TOOLS is 1,
    /// which is how CI makes sure that nothing is skipped for want of a package.
    /// </summary>
    public static string Path(string name)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        if (AreRequired)
        {
            Assert.Fail($"{name} is not installed, and REPLYX_REQUIRE_TOOLS asks for it");
        }

        Assert.Skip($"{name} is not installed");
        return "";
    }

    /// <summary>Whether a test may do without <paramref name="name"/>, since it is not in PATH and nothing asks for it.</summary>
    public static bool MayDoWithout(string name) => Find(name) is null && !AreRequired;

    /// <summary>The full path of <paramref name="name"/>, or null where PATH does not have it.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists);
}
