namespace ReplyX.Api.Dialogs;

internal static class DialogsExtensions
{
    public static void AddDialogs(this IServiceCollection services)
    {
        services.AddOptions<RealtimeEndpointOptions>()
            .BindConfiguration(RealtimeEndpointOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.IsValid, $"{RealtimeEndpointOptions.Section}:PublicUrl must be an absolute http or https URL.")
            .ValidateOnStart();
        services.AddSingleton<DialogAccess>();
        services.AddSingleton<DialogStarter>();
    }
}
