using Microsoft.Extensions.Options;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Api.Assistant.Clients;

namespace ReplyX.Api.Assistant;

internal static class AssistantExtensions
{
    public static void AddAssistants(this IServiceCollection services)
    {
        services.AddOptions<AssistantOptions>().BindConfiguration(AssistantOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AssistantOptions>, AssistantOptionsValidator>();
        services.AddSingleton<AssistantMetrics>();
        services.AddSingleton<EndpointHttp>();
        services.AddSingleton<ChatClients>();
        services.AddSingleton<AssistantRules>();
        services.AddSingleton<AnswerGenerator>();
        services.AddSingleton<TryOuts>();
        services.AddSingleton<DialogAnswerer>();
        services.AddHostedService<AssistantWorker>();
    }
}
