namespace ReplyX.Messaging.Accounts;

/// <summary>An open invitation to an account. Whoever has its secret joins with it, once.</summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The invitation's id, and the operator's who joins by it.</param>
/// <param name="SecretHash">The hash of the secret.</param>
/// <param name="Login">The login that is proposed, which who was invited may join with by an authority; null for none.</param>
/// <param name="Name">The name that is proposed; null for none.</param>
/// <param name="Role">What they will be.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="By">The id of the owner who made it, who has to be an owner still when it is accepted; null for the platform.</param>
public sealed record Invitation(
    string Account,
    string Id,
    string SecretHash,
    string? Login,
    string? Name,
    OperatorRole Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string? By = null)
{
    /// <summary>Leaves the hash out, so that an accidental log line does no harm.</summary>
    /// <returns>The account and the id.</returns>
    public override string ToString() => $"{Account}/{Id}";
}

/// <summary>An invitation with its secret, which is shown once.</summary>
/// <param name="Invitation">The invitation.</param>
/// <param name="Secret">The secret.</param>
public sealed record NewInvitation(Invitation Invitation, string Secret)
{
    /// <summary>Leaves the secret out.</summary>
    /// <returns>The account and the id.</returns>
    public override string ToString() => Invitation.ToString();
}

/// <summary>Who joins by an invitation.</summary>
/// <param name="Login">The login.</param>
/// <param name="Name">The name that visitors see.</param>
/// <param name="PasswordHash">The password's hash; empty for who signs in by an authority.</param>
/// <param name="AccountName">The account's name, if this is its first operator; null to leave it.</param>
public sealed record Joining(string Login, string Name, string PasswordHash, string? AccountName = null)
{
    /// <summary>Leaves the hash out.</summary>
    /// <returns>The login.</returns>
    public override string ToString() => Login;
}
