namespace ReplyX.AppHost;

internal static class HostEnvironment
{
    /// <summary>
    /// Runs a project in the host's environment. Without a launch profile it would inherit that by luck only: not in a test, where the
    /// host's environment is a setting of the test and no variable. Published, the environment is the target's own affair.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHostEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? project
            : project.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }
}
