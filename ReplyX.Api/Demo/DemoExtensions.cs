namespace ReplyX.Api.Demo;

internal static class DemoExtensions
{
    /// <summary>Adds the demo account, in development only.</summary>
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }

        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedService<DemoSeeding>();
    }
}
