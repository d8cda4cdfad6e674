using Microsoft.AspNetCore.Mvc;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Messages;

/// <summary>
/// The shape of a stored event: a message, or a step of the handoff, which has <c>handoff</c> and <c>operator</c> in place of
/// <c>sender</c> and <c>text</c>.
/// </summary>
internal sealed record MessageEvent(
    string Type,
    long DialogId,
    long Id,
    long Seq,
    string Cursor,
    Sender? Sender,
    string? Text,
    string? Author,
    string? ClientId,
    HandoffState? Handoff,
    string? Operator,
    DateTimeOffset Timestamp);

/// <summary>A visitor's message. A <c>sender</c> in it is ignored.</summary>
internal sealed record SendMessage(string? Text, string? ClientId);

/// <summary>A message from the account's side: the operator's own, or in the name of the assistant.</summary>
internal sealed record SendOperatorMessage(string? Text, string? ClientId, string? Sender);

/// <summary>The shape of the answer to a visitor's message.</summary>
internal sealed record SentUserMessage(MessageEvent UserMessage);

/// <summary>The shape of the answer to a message from the account's side.</summary>
internal sealed record SentMessage(MessageEvent Message);

/// <summary>Which part of a dialog is asked for, as it stands in the query.</summary>
internal sealed record HistoryQuery(
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "before")] string? Before,
    [FromQuery(Name = "limit")] string? Limit);

/// <summary>The shape of a page of history.</summary>
internal sealed record MessagePage(IReadOnlyList<MessageEvent> Items, string Cursor, bool HasMore, bool? Reset, ReadView Read);

/// <summary>How far each side has read: the number of the last event; 0 for nothing.</summary>
internal sealed record ReadView(long User, long Manager, long Assistant);
