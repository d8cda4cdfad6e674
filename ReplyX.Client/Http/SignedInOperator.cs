namespace ReplyX.Client;

/// <summary>An operator with a token.</summary>
/// <param name="Token">The operator token.</param>
/// <param name="Id">The operator.</param>
/// <param name="Name">The name to show.</param>
public sealed record SignedInOperator(IssuedToken Token, string Id, string Name);
