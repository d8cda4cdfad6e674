namespace ReplyX.Messaging.Dialogs;

/// <summary>What is learnt of a visitor. What is null stays as it is known.</summary>
public sealed record VisitorNote
{
    /// <summary>The name; empty to forget it.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address; empty to forget it.</summary>
    public string? Email { get; init; }

    /// <summary>The language, a BCP 47 tag.</summary>
    public string? Locale { get; init; }

    /// <summary>The page that the visitor is on. The first one stays known as the page that the dialog was started on.</summary>
    public VisitorPage? Page { get; init; }

    /// <summary>What the browser calls itself.</summary>
    public string? UserAgent { get; init; }
}
