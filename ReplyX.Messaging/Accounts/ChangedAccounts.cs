namespace ReplyX.Messaging.Accounts;

/// <summary>Whose credentials were taken back since a version.</summary>
/// <param name="Version">The version now, to ask from the next time.</param>
/// <param name="Accounts">The accounts; null if that cannot be told, so that it may be any.</param>
public readonly record struct ChangedAccounts(long Version, IReadOnlySet<string>? Accounts)
{
    /// <summary>Whether the account is one of them.</summary>
    /// <param name="account">The account.</param>
    public bool Contain(string account) => Accounts?.Contains(account) != false;
}
