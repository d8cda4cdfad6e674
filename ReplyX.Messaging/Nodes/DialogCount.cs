namespace ReplyX.Messaging.Nodes;

/// <summary>How many dialogs the nodes have together.</summary>
/// <param name="Dialogs">How many; one with sockets on two nodes counts once.</param>
/// <param name="IsEstimated">Whether that is not exact.</param>
internal readonly record struct DialogCount(long Dialogs, bool IsEstimated)
{
    // Hashes are spread over as many values.
    private const double Hashes = 18_446_744_073_709_551_616.0;

    /// <summary>Unites what the nodes say of one pool.</summary>
    /// <param name="nodes">Of each node its sketch and its own exact count; null of one that says nothing.</param>
    public static DialogCount Of(IEnumerable<(DialogSketch? Sketch, int? Own)> nodes)
    {
        var union = new HashSet<ulong>();
        var below = ulong.MaxValue;
        var (isWhole, isSilent) = (true, false);
        long most = 0;
        long least = 0;
        foreach (var (sketch, own) in nodes)
        {
            if (sketch is null || own is not { } dialogs)
            {
                isSilent = true;
                continue;
            }

            union.UnionWith(sketch.Smallest.Span.ToArray());
            most += dialogs;
            least = Math.Max(least, dialogs);
            if (!sketch.IsWhole)
            {
                // Up to its greatest hash a sketch names every member, and so does the union up to the least of those.
                isWhole = false;
                below = Math.Min(below, sketch.Smallest.Span[^1]);
            }
        }

        if (isWhole)
        {
            return new DialogCount(union.Count, isSilent);
        }

        // The m-th smallest of n evenly spread numbers lies at about m of n; m - 1 makes it right in the mean.
        var found = union.Count(hash => hash <= below);
        var estimate = (found - 1) / (below / Hashes);

        // There are at least as many as one node has, and at most as many as all have: the same number where one has them all.
        least = Math.Max(least, union.Count);
        return new DialogCount((long)Math.Round(Math.Clamp(estimate, least, Math.Max(least, most))), isSilent || least < most);
    }
}
