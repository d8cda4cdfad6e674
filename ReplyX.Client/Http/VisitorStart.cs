namespace ReplyX.Client;

/// <summary>What a visitor's start says beside where it is.</summary>
public sealed record VisitorStart
{
    /// <summary>Makes the start of a new guest happen once: 16 to 64 printable ASCII characters, made up at random. Null for a new one.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who the visitor is.</summary>
    public VisitorDetails? Visitor { get; init; }

    /// <summary>The page that the visitor is on.</summary>
    public VisitorPage? Page { get; init; }

    /// <summary>The visitor's language, a BCP 47 tag.</summary>
    public string? Locale { get; init; }
}
