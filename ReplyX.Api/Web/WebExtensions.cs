namespace ReplyX.Api.Web;

internal static class WebExtensions
{
    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WebAssets>();
        builder.Services.AddSingleton<PageLanguages>();
        builder.Services.AddSingleton<ChatPage>();
        builder.Services.AddSingleton<ConsolePage>();
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton<DemoPage>();
        }
    }

    public static void MapWeb(this WebApplication app)
    {
        app.MapAssets();
        app.MapLoader();
        ChatPage.Map(app);
        ConsolePage.Map(app);
        if (app.Environment.IsDevelopment())
        {
            DemoPage.Map(app);
        }
    }
}
