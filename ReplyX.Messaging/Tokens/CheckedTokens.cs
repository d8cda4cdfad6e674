using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Tokens;

/// <summary>
/// The tokens of one type that were good when they were last checked, with what they say, so that a token which comes with every
/// message is parsed and its signature computed once. It holds what never changes for a token; whether the token has run out, and all
/// that can be taken back, is checked each time.
/// </summary>
/// <remarks>
/// Two halves: a token that is used moves to the newer one, and when that is full the older one is dropped. So the tokens in use stay,
/// without a list that every use would have to lock.
/// </remarks>
internal sealed class CheckedTokens<TClaims>
    where TClaims : class
{
    // A token takes about 1 KiB, so at most 8 MiB a type.
    internal const int HalfSize = 4_096;

    private readonly Lock _turning = new();
    private ConcurrentDictionary<string, Entry> _newer = NewHalf();
    private ConcurrentDictionary<string, Entry> _older = NewHalf();

    /// <summary>What a token says, and when it ends, if it was found good before.</summary>
    public bool TryGet(string token, [NotNullWhen(true)] out TClaims? claims, out DateTime expires)
    {
        var isKnown = _newer.TryGetValue(token, out var entry);
        if (!isKnown && _older.TryGetValue(token, out entry))
        {
            isKnown = true;
            Add(token, entry.Claims, entry.Expires);
        }

        (claims, expires) = entry;
        return isKnown;
    }

    /// <summary>Notes that a token is good.</summary>
    public void Add(string token, TClaims claims, DateTime expires)
    {
        lock (_turning)
        {
            if (_newer.Count >= HalfSize)
            {
                (_older, _newer) = (_newer, NewHalf());
            }

            _newer[token] = new Entry(claims, expires);
        }
    }

    private static ConcurrentDictionary<string, Entry> NewHalf() => new(StringComparer.Ordinal);

    private readonly record struct Entry(TClaims Claims, DateTime Expires);
}
