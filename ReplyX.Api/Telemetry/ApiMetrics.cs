using System.Diagnostics.Metrics;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Api.Telemetry;

/// <summary>What the Api counts beside what ASP.NET Core measures. docs/observability.md lists it.</summary>
internal sealed class ApiMetrics
{
    public const string MeterName = "ReplyX.Api";

    private readonly LabelledCounts _opened = new(("mode", [.. Enum.GetValues<DialogMode>().Select(mode => mode.ToWire())]));
    private readonly LabelledCounts _accepted = new(("sender", [.. Enum.GetValues<Sender>().Select(sender => sender.ToWire())]));
    private readonly Counter<long> _problems;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _problems = meter.CreateCounter<long>("replyx.api.problems", description: "Errors answered, by code.");
        meter.CreateObservableCounter("replyx.api.dialogs_opened", _opened.Read, description: "Dialogs started, by mode.");
        meter.CreateObservableCounter(
            "replyx.api.messages_accepted", _accepted.Read, description: "Messages appended over HTTP, by sender; retries are not counted.");
    }

    public void Answered(string problem) => _problems.Add(1, new KeyValuePair<string, object?>("code", problem));

    public void Opened(DialogMode mode) => _opened.Add(1, (int)mode);

    public void Accepted(Sender sender) => _accepted.Add(1, (int)sender);
}
