using System.Diagnostics;
using ReplyX.Recorder.Judging;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>Looks whether channels of dialogs or of the list stay subscribed in Redis once nobody has a socket on them any more.</summary>
internal sealed class LeakedSubscriptions(IReadOnlyList<RedisServer> servers, Violations violations)
{
    private const int Shown = 5;

    private readonly HashSet<string> _told = [];

    /// <summary>A node hears of the last socket's end at once; the rest is what a busy machine may need.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Adds to the violations what stays, once for each channel.</summary>
    /// <param name="what">Whose last socket was closed, in words.</param>
    /// <param name="patience">How long it may stay.</param>
    /// <param name="dialogs">The dialogs that are asked about; null for all, and the list.</param>
    public async Task CheckAsync(string what, TimeSpan patience, IReadOnlyCollection<long>? dialogs = null)
    {
        var ends = dialogs?.Select(id => $":dialog:{id}").ToList();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var subscribed = new HashSet<string>();
            foreach (var server in servers)
            {
                subscribed.UnionWith(await RedisChannels.ReadAsync(server));
            }

            var left = subscribed
                .Where(channel => !_told.Contains(channel) && (ends is null ? IsOfSockets(channel) : ends.Any(end => channel.EndsWith(end, StringComparison.Ordinal))))
                .ToList();
            if (left.Count == 0)
            {
                return;
            }

            if (clock.Elapsed > patience)
            {
                _told.UnionWith(left);
                var some = string.Join(", ", left.Take(Shown));
                violations.Add(
                    ViolationKind.LeakedSubscriptions,
                    $"{left.Count} channels are subscribed in Redis {clock.Elapsed.TotalSeconds:0} s after the last socket of {what} was closed, {some} among them",
                    left.Count);
                return;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Those of the nodes themselves, for probes and credentials, stay.</summary>
    private static bool IsOfSockets(string channel)
        => channel.Contains(":dialog:", StringComparison.Ordinal) || channel.EndsWith(":feed", StringComparison.Ordinal);
}
