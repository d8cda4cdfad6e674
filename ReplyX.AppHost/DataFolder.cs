namespace ReplyX.AppHost;

internal static class DataFolder
{
    /// <summary>
    /// The folder for a resource's data, kept between runs: under the setting <c>DataFolder</c>, by default <c>.data</c> at the root of the
    /// repository, which git ignores.
    /// </summary>
    public static string FindDataFolder(this IDistributedApplicationBuilder builder, string resource)
    {
        var root = builder.Configuration["DataFolder"] ?? Path.Combine(builder.AppHostDirectory, "..", ".data");
        return Directory.CreateDirectory(Path.GetFullPath(Path.Combine(root, resource))).FullName;
    }

    /// <summary>Whether the data belong to this run only, as in tests.</summary>
    public static bool UsesTemporaryData(this IDistributedApplicationBuilder builder) => builder.Configuration["DataFolder"] is not null;
}
