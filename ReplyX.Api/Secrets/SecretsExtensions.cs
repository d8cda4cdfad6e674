namespace ReplyX.Api.Secrets;

internal static class SecretsExtensions
{
    public static void AddSecrets(this IServiceCollection services)
    {
        services.AddOptions<SecretOptions>().BindConfiguration(SecretOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SecretBox>();
    }
}
