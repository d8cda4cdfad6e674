namespace ReplyX.Api.Operators;

/// <summary>An operator's token, and after a sign-in the token of the device for the next one.</summary>
internal sealed record SignedIn(string Token, DateTimeOffset TokenExpiresAt, OperatorView Operator, string? DeviceToken = null)
{
    public override string ToString() => nameof(SignedIn);
}
