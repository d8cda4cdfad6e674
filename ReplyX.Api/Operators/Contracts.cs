using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>An operator as colleagues see them.</summary>
internal sealed record AccountOperator(
    string Id, string Name, string Login, OperatorRole Role, DateTimeOffset? CreatedAt, DateTimeOffset? LastSeenAt)
{
    public static AccountOperator Of(Operator person, DateTimeOffset? lastSeenAt) =>
        new(person.Id, person.Name, person.Login, person.Role, person.CreatedAt, lastSeenAt);
}

/// <summary>An account's operators, by login, and its bots.</summary>
internal sealed record AccountOperators(IReadOnlyList<AccountOperator> Items);

/// <summary>What to change of an operator.</summary>
internal sealed record OperatorPatch(string? Name, OperatorRole? Role);

/// <summary>An operator as the console shows them.</summary>
internal sealed record OperatorView(string Id, string Name, string Login, OperatorRole Role)
{
    public static OperatorView Of(Operator person) => new(person.Id, person.Name, person.Login, person.Role);
}

/// <summary>Who is signed in, and to what.</summary>
internal sealed record Me(string Id, string Name, string Login, OperatorRole Role, AccountView Account);

/// <summary>Where somebody is signed in.</summary>
internal sealed record SessionView(string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt);

/// <summary>Where somebody is signed in, the last used first.</summary>
internal sealed record SessionList(IReadOnlyList<SessionView> Items);

/// <summary>An account as its operators see it.</summary>
internal sealed record AccountView(string Id, string Name);

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

/// <summary>A new password, and the one before.</summary>
internal sealed record NewPassword(string? Current, string? New)
{
    public override string ToString() => nameof(NewPassword);
}

/// <summary>A bot to add.</summary>
internal sealed record NewBot(string? Name);

/// <summary>A bot with its key, which is shown once.</summary>
internal sealed record CreatedBot(string Id, string Name, string Key)
{
    public override string ToString() => nameof(CreatedBot);
}

/// <summary>A bot's key.</summary>
internal sealed record BotKey(string? Key)
{
    public override string ToString() => nameof(BotKey);
}
