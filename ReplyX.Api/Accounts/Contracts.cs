using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Accounts;

/// <summary>An account's settings.</summary>
internal sealed record AccountSettings(
    string Id,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? RetentionDays,
    DateTimeOffset? CreatedAt);

/// <summary>What to change of an account. Null days keep archived events for ever; days that are left out are left as they are.</summary>
internal sealed record AccountPatch(string? Name, JsonElement RetentionDays);

/// <summary>A stretch of the audit log, newest first.</summary>
internal sealed record AuditEntries(IReadOnlyList<AuditEntryView> Items, string? Next);

/// <summary>Who changed what, and when.</summary>
internal sealed record AuditEntryView(
    string Id, DateTimeOffset At, AuditActor Actor, string Action, AuditTarget Target, IReadOnlyList<AuditDetail> Details)
{
    public static AuditEntryView Of(AuditEntry entry) =>
        new(entry.Id, entry.At, new AuditActor(entry.Actor.Id, entry.Actor.Name), entry.Action, entry.Target, entry.Details);
}

/// <summary>Who changed it: without an id it was who runs the platform.</summary>
internal sealed record AuditActor(string? Id, string Name);
