namespace ReplyX.Messaging.Accounts;

/// <summary>Who makes a change in an account.</summary>
/// <param name="Id">The operator's id; null for who runs the platform.</param>
/// <param name="Name">The name, for the audit log.</param>
public sealed record Actor(string? Id, string Name)
{
    /// <summary>Who runs the platform. They own no account and may change every one.</summary>
    public static Actor Platform { get; } = new(null, "ReplyX");

    /// <summary>An operator of the account.</summary>
    /// <param name="person">The operator.</param>
    public static Actor Of(Operator person) => new(person.Id, person.Name);
}
