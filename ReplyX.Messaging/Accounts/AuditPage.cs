namespace ReplyX.Messaging.Accounts;

/// <summary>A stretch of an audit log.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="Next">Where the next older ones begin; null if there are none.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);
