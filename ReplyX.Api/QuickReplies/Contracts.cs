namespace ReplyX.Api.QuickReplies;

/// <summary>A text that operators insert by its shortcut.</summary>
internal sealed record QuickReplyFields(string? Shortcut, string? Text);

/// <summary>All quick replies of an account, in its owner's order.</summary>
internal sealed record QuickReplyList(IReadOnlyList<QuickReplyFields?>? Items);
