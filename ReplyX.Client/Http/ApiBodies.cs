using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplyX.Client;

// The bodies of requests and answers.

internal sealed record StartWidgetBody(
    string AssistantId, string? ClientId, VisitorDetails? Visitor, VisitorPage? Page, string? Locale);

internal sealed record StartSiteBody(
    string SiteToken, string? ClientId, VisitorDetails? Visitor, VisitorPage? Page, string? Locale);

/// <summary>An answer without a body: 204.</summary>
internal sealed record NoBody
{
    internal static NoBody Instance { get; } = new();
}

internal sealed record SendBody(string Text, string ClientId, string? Sender);

internal sealed record StepBody(string ClientId);

internal sealed record SignInBody(string Login, string Password, string? DeviceToken);

internal sealed record SiteTokenRequestBody(string SiteId);

internal sealed record SiteTokenBody(string SiteToken);

internal sealed record IssuedTokenBody(string Token, DateTimeOffset TokenExpiresAt);

internal sealed record SignedInBody(string Token, DateTimeOffset TokenExpiresAt, OperatorBody Operator, string? DeviceToken);

internal sealed record OperatorBody(string Id, string Name);

internal sealed record DialogBody(
    long Id, string Token, DateTimeOffset TokenExpiresAt, string GuestToken, string Cursor, Uri RealtimeUrl, string? Handoff);

internal sealed record HistoryBody(IReadOnlyList<JsonElement> Items, string? Cursor, bool HasMore, bool Reset, ReadMarks? Read);

internal sealed record SentBody(ServerFrame? UserMessage, ServerFrame? Message);

internal sealed record HandoffBody(
    long DialogId, string? Handoff, string? Operator, DateTimeOffset? Since)
{
    internal HandoffAnswer ToAnswer() => new()
    {
        DialogId = DialogId,
        State = ServerFrameReader.ToHandoff(Handoff),
        Operator = Operator,
        Since = Since,
    };
}

internal sealed record DialogListBody(IReadOnlyList<DialogListItemBody> Items, string? Cursor);

internal sealed record DialogListItemBody(
    long Id,
    string? Mode,
    string? Handoff,
    LastEventBody? Last,
    string? Operator,
    long Unread,
    DateTimeOffset? WaitingSince,
    VisitorDetails? Visitor,
    VisitorPage? Page);

internal sealed record LastEventBody(long Seq);

internal sealed record ProblemBody(string? Code, string? Title, string? Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartWidgetBody))]
[JsonSerializable(typeof(StartSiteBody))]
[JsonSerializable(typeof(VisitorDetails))]
[JsonSerializable(typeof(VisitorPage))]
[JsonSerializable(typeof(NoBody))]
[JsonSerializable(typeof(SendBody))]
[JsonSerializable(typeof(StepBody))]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(SiteTokenRequestBody))]
[JsonSerializable(typeof(SiteTokenBody))]
[JsonSerializable(typeof(IssuedTokenBody))]
[JsonSerializable(typeof(SignedInBody))]
[JsonSerializable(typeof(DialogBody))]
[JsonSerializable(typeof(HistoryBody))]
[JsonSerializable(typeof(SentBody))]
[JsonSerializable(typeof(HandoffBody))]
[JsonSerializable(typeof(DialogListBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;
