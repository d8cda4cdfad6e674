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
