using System.Globalization;

namespace ReplyX.LocalHosting.TestHost;

internal static class Settings
{
    public static int? Port(this IDistributedApplicationBuilder builder, string resource) =>
        builder.Configuration[$"Port:{resource}"] is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null;

    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> project)
    {
        foreach (var setting in project.ApplicationBuilder.Configuration.GetSection($"Env:{project.Resource.Name}").GetChildren())
        {
            project.WithEnvironment(setting.Key, setting.Value);
        }

        return project;
    }
}
