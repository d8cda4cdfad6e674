using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Chaos;

/// <summary>Counts what it took to get from a node that drained to another one.</summary>
internal static class DrainAttempts
{
    /// <summary>What it took each socket that was on a node when it drained: attempts, the one that succeeded included, and time.</summary>
    public static IEnumerable<(int Attempts, TimeSpan Time)> Of(IEnumerable<DrainRecord> drains, IReadOnlyList<IRecordedSocket> sockets)
    {
        foreach (var drain in drains)
        {
            foreach (var socket in sockets)
            {
                var entries = socket.Timeline.Entries;
                var before = entries.LastOrDefault(entry => entry.At <= drain.From && entry.Kind is EntryKind.Connected or EntryKind.Lost);
                if (before is not { Kind: EntryKind.Connected } || before.Node != drain.Node)
                {
                    continue;
                }

                // The first loss is that of the socket itself, each further one that of an attempt.
                var after = entries.Where(entry => entry.At > drain.From).ToList();
                var back = after.FindIndex(entry => entry.Kind == EntryKind.Connected && entry.Node != drain.Node);
                if (back >= 0)
                {
                    var attempts = Math.Max(1, after.Take(back).Count(entry => entry.Kind == EntryKind.Lost));
                    yield return (attempts, TimeProvider.System.GetElapsedTime(drain.From, after[back].At));
                }
            }
        }
    }
}
