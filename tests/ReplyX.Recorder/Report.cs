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
        IReadOnlyList<int> drainAttempts)
    {
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
            Rows =
            [
                ("acknowledged", Invariant($"{counts.Acks} in {counts.Attempts} attempts, {counts.Duplicates} of them had been stored by an earlier one")),
                ("deliveries", Invariant($"{delivered} on {sockets.Count} sockets")),
                ("greetings", Invariant($"{entries.Count(e => e.Kind == EntryKind.Connected)}, {recoveries} recovered, {judges.Sum(j => j.Reloads)} reloaded")),
                ("losses", string.Join(", ", Losses(entries))),
                ("connections cut", Invariant($"{cluster.Proxy.Cuts} of sockets, {cluster.ApiProxy.Cuts} of HTTP")),
                ("faults", string.Join(", ", chaos.Done.Select(fault => Invariant($"{fault.Value} {fault.Key}")))),
                ("killed node in totals", string.Join(", ", chaos.LeaseWaits.Select(Seconds))),
                ("Redis back to all well", string.Join(", ", chaos.RedisReturns.Select(Seconds))),
                ("drain to exit", string.Join(", ", chaos.DrainExits.Select(Seconds))),
                ("drain to another node", string.Join(", ", chaos.Drains.Select(drain => Seconds(TimeProvider.System.GetElapsedTime(drain.From, drain.To))))),
                ("attempts after a drain", Invariant($"{drainAttempts.Count} sockets, p50 {At(drainAttempts, 0.5)}, p99 {At(drainAttempts, 0.99)}, max {At(drainAttempts, 1)}")),
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
