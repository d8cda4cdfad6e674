using System.Diagnostics;

namespace ReplyX.Messaging;

internal static class MessagingTelemetry
{
    public const string MeterName = "ReplyX.Messaging";

    public static readonly ActivitySource Source = new("ReplyX.Messaging");
}
