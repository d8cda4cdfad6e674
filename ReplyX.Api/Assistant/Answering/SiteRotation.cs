using System.Diagnostics.CodeAnalysis;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// Whose turn it is: the sites where something may wait, one dialog each before any gets a second one, within what an instance and an
/// account may have at the same time. For any thread.
/// </summary>
internal sealed class SiteRotation(int most, int mostPerAccount)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<AssistantSite> _waiting = new();
    private readonly HashSet<AssistantSite> _known = [];
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Something may wait on a site.</summary>
    public void Offer(AssistantSite site)
    {
        lock (_lock)
        {
            if (_known.Add(site))
            {
                _waiting.AddLast(site);
            }
        }
    }

    /// <summary>Takes a place for the next site that may have one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out AssistantSite site)
    {
        lock (_lock)
        {
            for (var node = _waiting.First; node is not null && _all < most; node = node.Next)
            {
                var running = _running.GetValueOrDefault(node.Value.Account);
                if (running < mostPerAccount)
                {
                    site = node.Value;
                    _waiting.Remove(node);
                    _known.Remove(site);
                    _running[site.Account] = running + 1;
                    _all++;
                    return true;
                }
            }

            site = default;
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Return(AssistantSite site)
    {
        lock (_lock)
        {
            _all--;
            if (--_running[site.Account] == 0)
            {
                _running.Remove(site.Account);
            }
        }
    }
}
