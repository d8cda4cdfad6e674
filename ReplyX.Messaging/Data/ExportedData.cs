using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Data;

/// <summary>The members of an export, as docs/data.md describes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = false,
    Converters = [typeof(EventTimeConverter)])]
[JsonSerializable(typeof(ExportedAccount))]
[JsonSerializable(typeof(ExportedSite))]
[JsonSerializable(typeof(ExportedOperator))]
[JsonSerializable(typeof(ExportedInvitation))]
[JsonSerializable(typeof(QuickReply))]
[JsonSerializable(typeof(ExportedChange))]
[JsonSerializable(typeof(ExportedDialog))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    /// <summary>As events are written.</summary>
    public static ExportJson Relaxed => field ??= new ExportJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

internal sealed record ExportedAccount(string Id, string Name, DateTimeOffset? CreatedAt, long? RetentionSeconds)
{
    public static ExportedAccount Of(Account account, TimeSpan? retention) =>
        new(account.Id, account.Name, account.CreatedAt, retention is { } age ? (long)age.TotalSeconds : null);
}

internal sealed record ExportedSite(
    string Id,
    string Name,
    string AssistantId,
    string Welcome,
    IReadOnlyList<string> Origins,
    bool DirectClient,
    int TokenVersion,
    SiteLook Look,
    DateTimeOffset? CreatedAt,
    ExportedAssistant? Assistant)
{
    public static ExportedSite Of(Site site, AssistantSettings? assistant) => new(
        site.Id,
        site.Name,
        site.AssistantId,
        site.Welcome,
        site.Origins,
        site.DirectClient,
        site.TokenVersion,
        site.Look ?? SiteLook.Default,
        site.CreatedAt,
        assistant is null ? null : ExportedAssistant.Of(assistant));
}

/// <summary>An assistant without its key.</summary>
internal sealed record ExportedAssistant(
    bool Enabled,
    AssistantKind Kind,
    string Endpoint,
    string Model,
    string Instructions,
    bool HasKey,
    int TimeoutSeconds,
    IReadOnlyList<AssistantAnswer> Answers,
    string Fallback,
    IReadOnlyList<string> HandoverWords)
{
    public static ExportedAssistant Of(AssistantSettings settings) => new(
        settings.Enabled,
        settings.Kind,
        settings.Endpoint,
        settings.Model,
        settings.Instructions,
        settings.EncryptedKey is not null,
        settings.TimeoutSeconds,
        settings.Answers,
        settings.Fallback,
        settings.HandoverWords);
}

/// <summary>An operator without their hashes.</summary>
internal sealed record ExportedOperator(
    string Id, string Name, string Login, OperatorRole Role, DateTimeOffset? CreatedAt, DateTimeOffset? LastSeenAt, IReadOnlyList<OperatorSession> Sessions);

/// <summary>An open invitation without its secret.</summary>
internal sealed record ExportedInvitation(
    string Id, string? Login, string? Name, OperatorRole Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? By)
{
    public static ExportedInvitation Of(Invitation invitation) => new(
        invitation.Id, invitation.Login, invitation.Name, invitation.Role, invitation.CreatedAt, invitation.ExpiresAt, invitation.By);
}

/// <summary>An entry of the audit log.</summary>
internal sealed record ExportedChange(
    string Id, DateTimeOffset At, ExportedActor Actor, string Action, AuditTarget Target, IReadOnlyList<AuditDetail> Details)
{
    public static ExportedChange Of(AuditEntry entry) =>
        new(entry.Id, entry.At, new ExportedActor(entry.Actor.Id, entry.Actor.Name), entry.Action, entry.Target, entry.Details);
}

internal sealed record ExportedActor(string? Id, string Name);

/// <summary>A dialog without its events, which follow.</summary>
internal sealed record ExportedDialog(
    long Id,
    string VisitorId,
    string SiteId,
    string Mode,
    DateTimeOffset CreatedAt,
    bool Listed,
    string Handoff,
    DateTimeOffset? HandoffSince,
    string? OperatorId,
    string? Operator,
    VisitorProfile? Visitor,
    VisitorPage? Page,
    VisitorPage? StartedPage,
    string? UserAgent,
    ExportedMarks Read)
{
    public static ExportedDialog Of(Dialog dialog) => new(
        dialog.Id,
        dialog.GuestId,
        dialog.SiteId,
        dialog.Mode.ToWire(),
        dialog.CreatedAt,
        dialog.Listed,
        dialog.Handoff.ToWire(),
        dialog.HandoffSince,
        dialog.OperatorId,
        dialog.OperatorName,
        dialog.Visitor,
        dialog.Page,
        dialog.StartedPage,
        dialog.UserAgent,
        new ExportedMarks(dialog.Read.User, dialog.Read.Manager, dialog.Read.Assistant));
}

/// <summary>How far each side has read.</summary>
internal sealed record ExportedMarks(long User, long Manager, long Assistant);

/// <summary>Writes times as events have them.</summary>
internal sealed class EventTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EventTimestamp.Format(value));
}
