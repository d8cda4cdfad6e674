using System.Reflection;

namespace Microsoft.Extensions.Hosting;

/// <summary>The version of the service that runs.</summary>
public static class ServiceVersion
{
    private const string Unknown = "unknown";

    /// <summary>As it was built: <c>1.0.0+</c> and the commit, where the build knew it.</summary>
    public static string Current { get; } = Find();

    private static string Find()
    {
        var assembly = Assembly.GetEntryAssembly();
        return assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly?.GetName().Version?.ToString()
            ?? Unknown;
    }
}
