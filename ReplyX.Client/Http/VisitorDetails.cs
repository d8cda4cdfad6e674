namespace ReplyX.Client;

/// <summary>Who a visitor says they are. What is null is not known, or stays as it is known; what is empty is taken back.</summary>
/// <param name="Name">The name, at most 100 characters.</param>
/// <param name="Email">The e-mail address; nobody checks that it is theirs.</param>
/// <param name="Locale">The language; told by a start alone.</param>
public sealed record VisitorDetails(string? Name = null, string? Email = null, string? Locale = null);
