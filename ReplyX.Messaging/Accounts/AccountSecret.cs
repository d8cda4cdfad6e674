using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// A random secret that says itself where its record lies: <c>kind.account.id.random</c>, each part after the kind in base64url. Only its
/// hash is stored. A plain hash is enough, since nobody guesses 32 random bytes.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The record that the secret belongs to.</param>
/// <param name="Text">The secret; for its holder alone.</param>
internal sealed record AccountSecret(string Account, string Id, string Text)
{
    /// <summary>The longest that is looked at. Ours are below 200 characters; a seeded account may have longer ids.</summary>
    public const int MaxLength = 1_024;

    private const char Separator = '.';
    private const int RandomBytes = 32;

    /// <summary>What is stored of it.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static AccountSecret Create(string kind, string account, string id) => new(
        account,
        id,
        string.Join(Separator, kind, Encode(account), Encode(id), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))));

    /// <returns>The secret, or null if the text is none of that kind.</returns>
    public static AccountSecret? TryParse(string kind, string? text) =>
        text is { Length: <= MaxLength }
        && text.Split(Separator) is [var prefix, var account, var id, { Length: > 0 }]
        && prefix == kind
        && Decode(account) is { } accountId
        && Decode(id) is { } recordId
            ? new AccountSecret(accountId, recordId, text)
            : null;

    /// <summary>Whether it is the secret that was stored, in a time that does not tell how much of it is right.</summary>
    public bool Matches(string? stored) =>
        stored is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(stored));

    /// <summary>Keeps the secret out of logs that print records.</summary>
    public override string ToString() => $"{Account}/{Id}";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string text)
    {
        try
        {
            return text.Length > 0 ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
