using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Cors;

internal static class CorsExtensions
{
    public static void AddVisitorCors(this IServiceCollection services)
    {
        services.AddOptions<OriginOptions>()
            .BindConfiguration(OriginOptions.Section)
            .Validate(
                options => options.ChatHosts.All(host => OriginPattern.TryParse(host, out _)),
                $"{OriginOptions.Section}:ChatHosts must be origins such as https://chat.example.com.")
            .ValidateOnStart();
        services.AddSingleton<VisitorCors>();
    }

    /// <summary>
    /// Lets pages read visitors' answers and errors. Of a start, what is refused before its site is known is for our own pages only, but for 401.
    /// </summary>
    public static void UseVisitorCors(this WebApplication app)
    {
        var cors = app.Services.GetRequiredService<VisitorCors>();
        app.Use((context, next) =>
        {
            if (VisitorCors.IsForVisitors(context.Request.Path) && !HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.OnStarting(() => cors.AllowAsync(context));
            }

            return next(context);
        });
    }

    /// <summary>Answers preflights. Behind the limits, so that they count for the address as other requests do.</summary>
    public static void UseVisitorPreflights(this WebApplication app) => app.Use((context, next) =>
        VisitorCors.IsForVisitors(context.Request.Path) && VisitorCors.TryAnswerPreflight(context) ? Task.CompletedTask : next(context));
}
