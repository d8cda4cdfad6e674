using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes so that two applications on one machine do not share one.</summary>
public static class VolumeNameGenerator
{
    /// <summary>Makes a name.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The resource whose volume it is.</param>
    /// <param name="suffix">What the volume holds.</param>
    /// <returns>The application's, the resource's and the content's name.</returns>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var application = builder.ApplicationBuilder.Environment.ApplicationName;
        return string.Concat(application.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLowerInvariant(c) : '_'))
            + $"-{builder.Resource.Name}-{suffix}";
    }
}
