namespace ReplyX.Bench.Results;

/// <summary>The median.</summary>
internal static class Middle
{
    /// <param name="ordered">The values in order, one at least.</param>
    public static double Of(IReadOnlyList<double> ordered) => ordered.Count % 2 == 1
        ? ordered[ordered.Count / 2]
        : (ordered[(ordered.Count / 2) - 1] + ordered[ordered.Count / 2]) / 2;
}
