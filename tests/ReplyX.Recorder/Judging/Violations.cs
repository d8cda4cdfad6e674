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

    public void Add(ViolationKind kind, string what)
    {
        lock (_lock)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
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
}
