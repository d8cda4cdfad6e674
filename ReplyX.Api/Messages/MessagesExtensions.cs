namespace ReplyX.Api.Messages;

internal static class MessagesExtensions
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<History>();
        services.AddSingleton<MessageSender>();
    }
}
