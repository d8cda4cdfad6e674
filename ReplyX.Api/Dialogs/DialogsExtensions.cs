namespace ReplyX.Api.Dialogs;

internal static class DialogsExtensions
{
    public static void AddDialogs(this IServiceCollection services)
    {
        services.AddOptions<RealtimeOptions>()
            .BindConfiguration(RealtimeOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.IsValid, $"{RealtimeOptions.Section}:PublicUrl must be an absolute http or https URL.")
            .ValidateOnStart();
        services.AddSingleton<DialogAccess>();
        services.AddSingleton<DialogStarter>();
    }
}
