namespace ReplyX.Messaging.Dialogs;

/// <summary>Who a visitor says they are.</summary>
/// <param name="Name">The name they gave.</param>
/// <param name="Email">The e-mail address they gave; nobody checked that it is theirs.</param>
/// <param name="Locale">Their language, a BCP 47 tag.</param>
public sealed record VisitorProfile(string? Name = null, string? Email = null, string? Locale = null);
