using System.Diagnostics;

namespace ReplyX.Messaging;

internal static class MessagingTelemetry
{
    public static readonly ActivitySource Source = new("ReplyX.Messaging");
}
