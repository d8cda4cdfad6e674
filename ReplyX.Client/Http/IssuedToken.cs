namespace ReplyX.Client;

/// <summary>A token and its end.</summary>
/// <param name="Token">The token.</param>
/// <param name="ExpiresAt">When it runs out.</param>
public sealed record IssuedToken(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Leaves the token out, so that an accidental log line does no harm.</summary>
    /// <returns>The end only.</returns>
    public override string ToString() => $"token until {ExpiresAt:O}";
}
