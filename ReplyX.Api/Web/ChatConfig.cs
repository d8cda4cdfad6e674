namespace ReplyX.Api.Web;

/// <summary>What the chat page's scripts have to know.</summary>
/// <param name="Look">How it looks.</param>
/// <param name="Locale">The language that it begins with.</param>
/// <param name="Languages">The languages that there are.</param>
/// <param name="Type">How it is embedded: <c>floating</c>, <c>embedded</c> or <c>fullscreen</c>.</param>
internal sealed record ChatConfig(ChatLook Look, string Locale, IReadOnlyList<string> Languages, string Type)
{
    /// <summary>Whose assistant answers. Either this or <see cref="SiteToken"/>.</summary>
    public string? AssistantId { get; init; }

    /// <summary>The site token that the page was embedded with.</summary>
    public string? SiteToken { get; init; }

    /// <summary>Whether an assistant answers; where none does, the team.</summary>
    public bool? Assistant { get; init; }

    /// <summary>The dialog's first message, which is shown before there is a dialog.</summary>
    public string? Welcome { get; init; }

    /// <summary>What the embedding page says above the conversation.</summary>
    public string? Greeting { get; init; }

    /// <summary>Whether this is the settings' preview, which begins no dialog.</summary>
    public bool? Preview { get; init; }

    /// <summary>Why there is no chat: <c>unknown</c>, <c>rotated</c> or <c>busy</c>.</summary>
    public string? Error { get; init; }
}
