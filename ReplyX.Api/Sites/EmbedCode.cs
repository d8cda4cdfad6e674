namespace ReplyX.Api.Sites;

/// <summary>What goes into a page to embed the chat.</summary>
internal sealed record EmbedCode(string Html);
