namespace ReplyX.Api.Messages;

/// <summary>The shape of a page of history.</summary>
internal sealed record MessagePage(IReadOnlyList<MessageEvent> Items, string Cursor, bool HasMore, bool? Reset);
