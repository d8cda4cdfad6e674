using System.Collections.Concurrent;
using ReplyX.Client;

namespace ReplyX.Recorder.Tests.Load;

/// <summary>What all visitors together came to.</summary>
internal sealed class LoadResult
{
    private long _connects;
    private long _failedConnects;
    private long _sent;
    private long _expected;
    private long _delivered;

    /// <summary>How long after they were made events came, in milliseconds.</summary>
    public ConcurrentQueue<float> Latencies { get; } = new();

    /// <summary>What the audits found.</summary>
    public ConcurrentQueue<DeliveryFinding> Findings { get; } = new();

    public long Delivered => _delivered;

    public double ConnectRate => _connects + _failedConnects == 0 ? 0 : (double)_connects / (_connects + _failedConnects);

    public void Sent() => Interlocked.Increment(ref _sent);

    /// <summary>Counts a tab that is closed.</summary>
    public void Add(VisitorTab tab, AuditedDialog dialog)
    {
        Interlocked.Add(ref _connects, tab.Connects);
        Interlocked.Add(ref _failedConnects, tab.Lost);
        var audit = tab.Audit(dialog);
        Interlocked.Add(ref _expected, audit.Expected);
        Interlocked.Add(ref _delivered, audit.Delivered);
        Add(audit, dialog);
    }

    public void Add(DeliveryAudit audit, AuditedDialog dialog)
    {
        foreach (var finding in audit.Findings)
        {
            Findings.Enqueue(finding with { What = $"dialog {dialog.Id}: {finding.What}" });
        }
    }

    public long Count(DeliveryVerdict verdict) => Findings.Where(finding => finding.Verdict == verdict).Sum(finding => finding.Count);

    public override string ToString()
    {
        var latencies = Latencies.Order().ToList();
        return FormattableString.Invariant(
            $"connects {_connects}, failed {_failedConnects}; sent {_sent}; deliveries {_delivered} of {_expected}; p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, longest {At(1):0} ms; lost {Count(DeliveryVerdict.Lost)}, duplicated {Count(DeliveryVerdict.Duplicated)}, reordered {Count(DeliveryVerdict.Reordered)}");

        float At(double share) => latencies.Count == 0 ? 0 : latencies[(int)((latencies.Count - 1) * share)];
    }
}
