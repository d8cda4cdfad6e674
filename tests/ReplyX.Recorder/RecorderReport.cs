using ReplyX.Recorder.Judging;

namespace ReplyX.Recorder;

/// <summary>What came of a run.</summary>
internal sealed record RecorderReport
{
    public required Violations Violations { get; init; }

    public required long Acks { get; init; }

    public required long Deliveries { get; init; }

    public required long Recoveries { get; init; }

    /// <summary>Acknowledged events that a failover took away, where that is allowed, and that everybody was told of who had them.</summary>
    public required long LostAndTold { get; init; }

    /// <summary>The figures, a line each.</summary>
    public required IReadOnlyList<(string Name, string Value)> Rows { get; init; }

    /// <summary>Whether the run proved anything: a run without traffic has no violations either.</summary>
    public bool IsGood => !Violations.Any && Acks > 0 && Deliveries > Acks && Recoveries > 0;

    public IEnumerable<string> Lines()
    {
        var width = Rows.Max(row => row.Name.Length);
        foreach (var (name, value) in Rows)
        {
            yield return $"  {name.PadRight(width)}  {value}";
        }

        foreach (var kind in Enum.GetValues<ViolationKind>())
        {
            yield return $"  {Words(kind).PadRight(width)}  {Violations[kind]}";
        }

        foreach (var (kind, what) in Violations.First)
        {
            yield return $"{Words(kind)}: {what}";
        }

        yield return !IsGood ? "FAILED"
            : LostAndTold > 0 ? "PASSED: what was lost was told, and nothing duplicated, reordered or made up"
            : "PASSED: nothing lost, duplicated, reordered or made up";
    }

    /// <summary>The kind's name in small letters and words of their own.</summary>
    private static string Words(ViolationKind kind)
        => string.Concat(kind.ToString().Select((letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
