namespace ReplyX.Messaging.Accounts;

/// <summary>A browser in which an operator is signed in.</summary>
/// <param name="Device">What it is, as far as it told.</param>
/// <param name="CreatedAt">When it was signed in.</param>
/// <param name="UsedAt">When it was used last.</param>
public sealed record OperatorSession(string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt);
