namespace ReplyX.AppHost;

internal static class DataFolder
{
    /// <summary>
    /// A folder for a resource's data that lasts from run to run: under the setting <c>DataFolder</c>, else <c>.data</c> at the root of
    /// the repository, which git ignores.
    /// </summary>
    public static string FindDataFolder(this IDistributedApplicationBuilder builder, string resource)
    {
        var root = builder.Configuration["DataFolder"] ?? Path.Combine(builder.AppHostDirectory, "..", ".data");
        return Directory.CreateDirectory(Path.GetFullPath(Path.Combine(root, resource))).FullName;
    }

    /// <summary>Whether this run's data are its own and end with it, as in tests.</summary>
    public static bool KeepsDataApart(this IDistributedApplicationBuilder builder) => builder.Configuration["DataFolder"] is not null;
}
