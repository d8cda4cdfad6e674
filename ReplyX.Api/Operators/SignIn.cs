namespace ReplyX.Api.Operators;

/// <summary>An operator's login and password, and the device token of an earlier sign-in if the client has one.</summary>
internal sealed record SignIn(string? Login, string? Password, string? DeviceToken)
{
    public override string ToString() => nameof(SignIn);
}
