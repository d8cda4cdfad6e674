using ReplyX.Client;

namespace ReplyX.Recorder.Judging;

/// <summary>Counts what must not happen, and keeps the first of each kind in words.</summary>
internal sealed class Violations
{
    private const int KeptOfAKind = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<ViolationKind, List<string>> _first = [];
    private readonly Dictionary<ViolationKind, long> _counts = [];

    public bool Any => _counts.Count > 0;

    public long this[ViolationKind kind] => _counts.GetValueOrDefault(kind);

    public IEnumerable<(ViolationKind Kind, string What)> First => _first.SelectMany(kind => kind.Value.Select(what => (kind.Key, what)));

    /// <summary>Adds what an audit found.</summary>
    /// <param name="finding">It.</param>
    /// <param name="what">It in words, with the name of who got it.</param>
    public void Add(DeliveryFinding finding, string what) => Add(KindOf(finding.Verdict), what, finding.Count);

    public void Add(ViolationKind kind, string what, long times = 1)
    {
        lock (_lock)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + times;
            if (!_first.TryGetValue(kind, out var kept))
            {
                _first[kind] = kept = [];
            }

            if (kept.Count < KeptOfAKind)
            {
                kept.Add(what);
            }
        }
    }

    private static ViolationKind KindOf(DeliveryVerdict verdict) => verdict switch
    {
        DeliveryVerdict.Lost => ViolationKind.Lost,
        DeliveryVerdict.Duplicated => ViolationKind.Duplicated,
        DeliveryVerdict.Reordered => ViolationKind.Reordered,
        DeliveryVerdict.Phantom => ViolationKind.Phantom,
        DeliveryVerdict.Corrupted => ViolationKind.Corrupted,
        DeliveryVerdict.Foreign => ViolationKind.Foreign,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };
}
