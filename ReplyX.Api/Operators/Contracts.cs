using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>An operator as colleagues see them.</summary>
internal sealed record AccountOperator(string Id, string Name, string Login)
{
    public static AccountOperator Of(Operator person) => new(person.Id, person.Name, person.Login);
}

/// <summary>An account's operators, by login.</summary>
internal sealed record AccountOperators(IReadOnlyList<AccountOperator> Items);

/// <summary>An operator as the console shows them.</summary>
internal sealed record OperatorView(string Id, string Name);

/// <summary>An operator's login and password, and the device token of an earlier sign-in if the client has one.</summary>
internal sealed record SignIn(string? Login, string? Password, string? DeviceToken)
{
    public override string ToString() => nameof(SignIn);
}

/// <summary>An operator's token, and after a sign-in the token of the device for the next one.</summary>
internal sealed record SignedIn(string Token, DateTimeOffset TokenExpiresAt, OperatorView Operator, string? DeviceToken = null)
{
    public override string ToString() => nameof(SignedIn);
}
