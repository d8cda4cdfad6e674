namespace ReplyX.Api.Operators;

/// <summary>An operator's token.</summary>
internal sealed record SignedIn(string Token, DateTimeOffset TokenExpiresAt, OperatorView Operator)
{
    public override string ToString() => nameof(SignedIn);
}
