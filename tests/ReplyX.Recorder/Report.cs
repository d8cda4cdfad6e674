using System.Globalization;
using ReplyX.Recorder.Chaos;
using ReplyX.Recorder.Cluster;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;

namespace ReplyX.Recorder;

/// <summary>Puts a run's figures together.</summary>
internal static class Report
{
    public static RecorderReport Make(
        Violations violations,
        TrafficCounts counts,
        IReadOnlyList<IRecordedSocket> sockets,
        IReadOnlyList<SocketJudge> judges,
        ChaosRun chaos,
        RecordedCluster cluster,
        IReadOnlyList<(int Attempts, TimeSpan Time)> returns,
        ToldLosses? losses)
    {
        var attempts = returns.Select(back => back.Attempts).Order().ToList();
        var times = returns.Select(back => back.Time.TotalSeconds).Order().ToList();
        var delivered = judges.Sum(judge => judge.Delivered);
        var recoveries = judges.Sum(judge => judge.Recoveries);
        var entries = sockets.SelectMany(socket => socket.Timeline.Entries).ToList();
        var latencies = sockets.SelectMany(socket => socket.Timeline.Latencies).Order().ToList();
        return new RecorderReport
        {
            Violations = violations,
            Acks = counts.Acks,
            Deliveries = delivered,
            Recoveries = recoveries,
            LostAndTold = losses?.Acknowledged ?? 0,
            Rows =
            [
                ("acknowledged", Invariant($"{counts.Acks} in {counts.Attempts} attempts, {counts.Duplicates} of them had been stored by an earlier one")),
                ("deliveries", Invariant($"{delivered} on {sockets.Count} sockets")),
                ("greetings", Invariant($"{entries.Count(e => e.Kind == EntryKind.Connected)}, {recoveries} recovered, {judges.Sum(j => j.Reloads)} reloaded")),
                ("losses", string.Join(", ", Losses(entries))),
                ("connections cut", Invariant($"{cluster.Proxy.Cuts} of sockets, {cluster.ApiProxy.Cuts} of HTTP")),
                ("faults", string.Join(", ", chaos.Done.Select(fault => Invariant($"{fault.Value} {fault.Key}")))),
                .. losses is null ? Array.Empty<(string, string)>() : [("lost with a master, and told", Invariant($"{losses.Acknowledged} acknowledged, in {losses.Dialogs.Count} dialogs"))],
                ("killed node in totals", string.Join(", ", chaos.LeaseWaits.Select(Seconds))),
                ("Redis back to all well", string.Join(", ", chaos.RedisReturns.Select(Seconds))),
                .. chaos.Promotions.Count > 0 ? [("replica promoted", string.Join(", ", chaos.Promotions.Select(Seconds)))] : Array.Empty<(string, string)>(),
                .. chaos.Reshards.Count > 0 ? [("reshard", string.Join(", ", chaos.Reshards.Select(Seconds)))] : Array.Empty<(string, string)>(),
                ("drain", string.Join(", ", chaos.DrainExits.Select(Seconds))),
                ("drain to another node", Invariant($"{times.Count} sockets, p50 {At(times, 0.5):0.0} s, p99 {At(times, 0.99):0.0} s, max {At(times, 1):0.0} s")),
                ("attempts for it", Invariant($"p50 {At(attempts, 0.5)}, p99 {At(attempts, 0.99)}, max {At(attempts, 1)}")),
                ("append to read, outages included", Invariant($"p50 {At(latencies, 0.5):0} ms, p99 {At(latencies, 0.99):0} ms, max {At(latencies, 1):0} ms")),
                ("log lines", string.Join("; ", cluster.Services.Select(s => $"{s.Name}: {string.Join(", ", s.Log.Levels.Select(l => $"{l.Value} {l.Key}"))}"))),
            ],
        };
    }

    private static IEnumerable<string> Losses(List<Entry> entries) => entries
        .Where(entry => entry.Kind == EntryKind.Lost)
        .GroupBy(entry => entry.CloseCode is { } code ? Invariant($"code {code}") : entry.HttpStatus is { } status ? Invariant($"status {status}") : "no code")
        .OrderByDescending(group => group.Count())
        .Select(group => Invariant($"{group.Count()} {group.Key}"));

    private static string Seconds(TimeSpan time) => Invariant($"{time.TotalSeconds:0.0} s");

    private static T? At<T>(IReadOnlyList<T> sorted, double share)
        => sorted.Count == 0 ? default : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
