namespace ReplyX.Api.Operators;

/// <summary>An operator's login and password.</summary>
internal sealed record SignIn(string? Login, string? Password)
{
    public override string ToString() => nameof(SignIn);
}
