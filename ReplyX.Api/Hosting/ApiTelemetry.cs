using System.Diagnostics.Metrics;

namespace ReplyX.Api.Hosting;

internal static class ApiTelemetry
{
    private static readonly Meter _meter = new("ReplyX.Api");

    public static readonly Counter<long> Problems =
        _meter.CreateCounter<long>("replyx.api.problems", description: "Errors answered, by code.");

    public static readonly Counter<long> DialogsOpened =
        _meter.CreateCounter<long>("replyx.api.dialogs_opened", description: "Dialogs started, by mode.");

    public static readonly Counter<long> MessagesAccepted =
        _meter.CreateCounter<long>("replyx.api.messages_accepted", description: "Messages appended over HTTP, by sender; retries are not counted.");
}
