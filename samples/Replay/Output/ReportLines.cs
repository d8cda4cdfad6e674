using System.Globalization;

namespace ReplyX.Samples.Replay.Output;

/// <summary>A report as names and figures, the same for a terminal and for a file.</summary>
internal static class ReportLines
{
    internal static IReadOnlyList<(string Name, string Value, bool IsFault)> Of(ReplayReport report)
    {
        var total = report.Total;
        return
        [
            ("dialogs", Text($"{report.Dialogs}, {report.DialogsOnSeveralNodes} of them with sockets on several nodes"), false),
            ("sent", Text($"{report.Sent} messages, {report.Steps} steps of handoffs, all acknowledged"), false),
            ("sockets", Text($"{report.Sockets} ({string.Join(", ", report.SocketsByNode.Select(n => $"{n.Key}: {n.Value}"))}), {report.Reconnects} opened again"), false),
            ("delivered", Text($"{total.Delivered} of {total.Expected} ({report.Dialog.Delivered} in dialogs, {report.List.Delivered} in lists)"), total.Lost > 0),
            ("lost", Text($"{total.Lost}"), total.Lost > 0),
            ("duplicated", Text($"{total.Duplicated}"), total.Duplicated > 0),
            ("reordered", Text($"{total.Reordered}"), total.Reordered > 0),
            ("phantom", Text($"{total.Phantom}"), total.Phantom > 0),
            ("corrupted", Text($"{total.Corrupted}"), total.Corrupted > 0),
            ("foreign", Text($"{total.Foreign}"), total.Foreign > 0),
            ("delivery p50", Latency(report.Delivery.P50), false),
            ("delivery p99", Text($"{Latency(report.Delivery.P99)} (max {Latency(report.Delivery.Max)}, {report.Delivery.Samples} deliveries; leaving → read off the socket)"), false),
            ("answer p50", Latency(report.Answer.P50), false),
            ("answer p99", Text($"{Latency(report.Answer.P99)} ({report.Answer.Samples} messages; leaving → acknowledged; {report.NotTimed} not timed)"), false),
            ("took", Text($"{report.Duration.TotalSeconds:F1} s, seed {report.Seed}"), false),
        ];
    }

    private static string Latency(TimeSpan latency) => Text($"{latency.TotalMilliseconds:F1} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
