using System.Collections.Concurrent;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Authentication;

/// <summary>
/// Which sites were there a moment ago. Widgets ask it with everything they send, and sites are deleted seldom: asking Redis once a second
/// for each site keeps a message at one trip, and a deleted site's visitors are refused within that second.
/// </summary>
internal sealed class SitesThere(AccountDirectory accounts, TimeProvider time)
{
    // Some 100 bytes each. When they are more, all are asked for anew.
    private const int MostSites = 10_000;

    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Account, string Site), long> _seen = new();

    public ValueTask<bool> IsThereAsync(string account, string siteId, CancellationToken cancellationToken) =>
        _seen.TryGetValue((account, siteId), out var seen) && time.GetElapsedTime(seen) < _fresh
            ? new(true)
            : new(FindAsync(account, siteId, cancellationToken));

    private async Task<bool> FindAsync(string account, string siteId, CancellationToken cancellationToken)
    {
        // Before the answer, so that what is remembered is never older than it says.
        var asked = time.GetTimestamp();
        if (await accounts.FindSiteAsync(account, siteId, cancellationToken) is null)
        {
            _seen.TryRemove((account, siteId), out _);
            return false;
        }

        if (_seen.Count >= MostSites)
        {
            _seen.Clear();
        }

        _seen[(account, siteId)] = asked;
        return true;
    }
}
