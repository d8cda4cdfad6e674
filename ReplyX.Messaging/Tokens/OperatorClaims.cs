namespace ReplyX.Messaging.Tokens;

/// <summary>What an operator token says.</summary>
/// <param name="Account">The account.</param>
/// <param name="OperatorId">The operator.</param>
/// <param name="Name">The operator's display name.</param>
/// <param name="ExpiresAt">When the token ends, UTC. Set by the validation; ignored when issuing.</param>
public sealed record OperatorClaims(string Account, string OperatorId, string Name, DateTimeOffset ExpiresAt = default);
