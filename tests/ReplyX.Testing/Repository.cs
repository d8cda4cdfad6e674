using System.Reflection;

namespace ReplyX.Testing;

/// <summary>The working tree that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string File(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    internal static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
