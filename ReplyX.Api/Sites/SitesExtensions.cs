namespace ReplyX.Api.Sites;

internal static class SitesExtensions
{
    public static void AddSites(this IServiceCollection services)
    {
        services.AddOptions<SitesOptions>()
            .BindConfiguration(SitesOptions.Section)
            .Validate(options => options.IsValid, $"{SitesOptions.Section}:PublicUrl must be an absolute http or https URL.")
            .ValidateOnStart();
        services.AddSingleton<SiteTokens>();
        services.AddSingleton<PublicAddress>();
    }
}
