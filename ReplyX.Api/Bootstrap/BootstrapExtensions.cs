using Microsoft.Extensions.Options;

namespace ReplyX.Api.Bootstrap;

internal static class BootstrapExtensions
{
    /// <summary>Adds what makes the first account, where an owner is configured.</summary>
    public static void AddBootstrap(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(BootstrapOptions.Section);
        builder.Services.AddOptions<BootstrapOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();
        if (section.Get<BootstrapOptions>()?.IsWanted == true)
        {
            builder.Services.AddHostedService<Bootstrapping>();
        }
    }
}
