namespace ReplyX.AppHost;

internal static class Secrets
{
    /// <summary>Adds a secret that is made up on first use and, in development, kept for the next run.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, int length) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);
}
