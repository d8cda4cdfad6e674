namespace ReplyX.Messaging.Tokens;

/// <summary>A new token.</summary>
/// <param name="Token">The JWT. A secret, but for site tokens: never to be logged.</param>
/// <param name="ExpiresAt">When it ends, UTC; null if it lives until it is rotated.</param>
public sealed record IssuedToken(string Token, DateTimeOffset? ExpiresAt)
{
    /// <summary>The type's name, so that a token does not slip into a log through a format string.</summary>
    public override string ToString() => nameof(IssuedToken);
}
