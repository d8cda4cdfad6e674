namespace ReplyX.Messaging.Accounts;

/// <summary>A person, or a bot, who answers dialogs for an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The operator's id, unique in the account.</param>
/// <param name="Login">The name to sign in with; unique in all of ReplyX. Empty for a bot.</param>
/// <param name="Name">The name that visitors see.</param>
/// <param name="PasswordHash">The password's hash, in the format of ASP.NET Core Identity; empty for who has none.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Generation">Which of their tokens are valid: it counts up whenever tokens are taken back.</param>
/// <param name="DeviceGeneration">Which of their device tokens are known still.</param>
/// <param name="KeyHash">The hash of a bot's key; null for persons.</param>
/// <param name="CreatedAt">When they joined; null for who did before this was kept.</param>
/// <remarks>What has a default was added later: records that were stored before lack it.</remarks>
public sealed record Operator(
    string Account,
    string Id,
    string Login,
    string Name,
    string PasswordHash,
    OperatorRole Role = OperatorRole.Operator,
    int Generation = 0,
    int DeviceGeneration = 0,
    string? KeyHash = null,
    DateTimeOffset? CreatedAt = null)
{
    /// <summary>Leaves the hashes out, so that an accidental log line does no harm.</summary>
    /// <returns>The account and the id.</returns>
    public override string ToString() => $"{Account}/{Id}";
}
