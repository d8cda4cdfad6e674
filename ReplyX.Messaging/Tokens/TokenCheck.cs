using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Tokens;

/// <summary>What the check of a token came to.</summary>
/// <typeparam name="TClaims">The claims of the token's type.</typeparam>
/// <param name="Claims">What it says, if it is accepted.</param>
/// <param name="Failure">Why not, if it is not.</param>
public readonly record struct TokenCheck<TClaims>(TClaims? Claims, TokenFailure Failure)
    where TClaims : class
{
    /// <summary>Whether the token is accepted.</summary>
    [MemberNotNullWhen(true, nameof(Claims))]
    public bool IsValid => Claims is not null;
}
