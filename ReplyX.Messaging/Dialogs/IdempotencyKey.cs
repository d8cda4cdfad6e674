using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// What makes a send happen once: the sender's own key, prefixed by who sent it, so that equal keys of two principals are two keys.
/// </summary>
public readonly record struct IdempotencyKey
{
    /// <summary>The longest key a client may send, in bytes.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> _printable = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    private IdempotencyKey(string clientId, string text)
    {
        ClientId = clientId;
        Text = text;
    }

    /// <summary>The key as the client sent it.</summary>
    public string ClientId { get; }

    /// <summary>The key as the log holds it.</summary>
    internal string Text { get; }

    /// <summary>Makes the key of a send.</summary>
    /// <param name="principal">Who sends, e.g. <see cref="Principals.Guest"/>.</param>
    /// <param name="clientId">The sender's key: 1 to 64 bytes of printable ASCII without spaces.</param>
    /// <param name="key">The key, if <paramref name="clientId"/> is one.</param>
    /// <returns>Whether <paramref name="clientId"/> is a key.</returns>
    public static bool TryCreate(string principal, [NotNullWhen(true)] string? clientId, out IdempotencyKey key)
    {
        key = default;
        if (clientId is null || clientId.Length is 0 or > MaxLength || clientId.AsSpan().ContainsAnyExcept(_printable))
        {
            return false;
        }

        key = new IdempotencyKey(clientId, $"{principal}:{clientId}");
        return true;
    }

    /// <summary>A key of our own for a send that nobody outside retries.</summary>
    /// <param name="principal">Who sends.</param>
    public static IdempotencyKey Unique(string principal)
    {
        var id = Guid.NewGuid().ToString("N");
        return new IdempotencyKey(id, $"{principal}:{id}");
    }
}
