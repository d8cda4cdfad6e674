namespace ReplyX.Messaging.Accounts;

/// <summary>A customer of ReplyX, who owns sites, operators and dialogs.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Name">Its name, shown to its operators.</param>
/// <param name="CreatedAt">When it was made; null for what was made before this was kept.</param>
public sealed record Account(string Id, string Name, DateTimeOffset? CreatedAt = null);
