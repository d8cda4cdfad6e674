namespace ReplyX.Api.Secrets;

internal static class SecretsExtensions
{
    public static void AddSecrets(this IServiceCollection services)
    {
        services.AddOptions<SecretOptions>()
            .BindConfiguration(SecretOptions.Section)
            .Validate(options => options.IsValid, $"{SecretOptions.Section}:Key and PreviousKey must have 32 characters at least, or be empty.")
            .ValidateOnStart();
        services.AddSingleton<SecretBox>();
    }
}
