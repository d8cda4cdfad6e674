namespace ReplyX.Messaging.Accounts;

/// <summary>A person who answers dialogs for an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The operator's id, unique in the account.</param>
/// <param name="Login">The name to sign in with; unique in all of ReplyX.</param>
/// <param name="Name">The name that visitors see.</param>
/// <param name="PasswordHash">The password's hash, in the format of ASP.NET Core Identity.</param>
/// <param name="Role">What they may do.</param>
public sealed record Operator(
    string Account, string Id, string Login, string Name, string PasswordHash, OperatorRole Role = OperatorRole.Operator);
