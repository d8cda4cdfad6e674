namespace ReplyX.Api.Web;

internal static class WebExtensions
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddSingleton<WebAssets>();
        services.AddSingleton<ConsolePage>();
    }

    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapPages();
    }
}
