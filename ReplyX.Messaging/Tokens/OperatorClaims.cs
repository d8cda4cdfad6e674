namespace ReplyX.Messaging.Tokens;

/// <summary>What an operator token says.</summary>
/// <param name="Account">The account.</param>
/// <param name="OperatorId">The operator.</param>
/// <param name="Name">The operator's display name.</param>
/// <param name="ExpiresAt">When the token ends, UTC. Set by the validation; ignored when issuing.</param>
/// <param name="Generation">
/// Which of the operator's tokens are valid: it has to be the operator's own. A token from before there were generations has 0.
/// </param>
/// <param name="Session">The id of the session that it was issued in, while which lives it can be refreshed; null for none.</param>
public sealed record OperatorClaims(
    string Account, string OperatorId, string Name, DateTimeOffset ExpiresAt = default, int Generation = 0, string? Session = null);
