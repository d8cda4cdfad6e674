namespace ReplyX.Client;

/// <summary>On an account's list: what is known of a dialog's visitor. It is not stored, so a list that was away reads it from the Api.</summary>
public sealed record DialogVisitorEvent : ReplyXEvent
{
    /// <summary>Who the visitor says they are.</summary>
    public VisitorDetails? Visitor { get; init; }

    /// <summary>The page that the visitor is on.</summary>
    public VisitorPage? Page { get; init; }
}
