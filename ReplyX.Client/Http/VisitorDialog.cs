namespace ReplyX.Client;

/// <summary>A visitor's dialog, with what opens it.</summary>
public sealed record VisitorDialog
{
    /// <summary>The dialog.</summary>
    public required long Id { get; init; }

    /// <summary>Where the visitor writes.</summary>
    public required DialogChannel Channel { get; init; }

    /// <summary>The dialog token.</summary>
    public required string Token { get; init; }

    /// <summary>When the dialog token runs out.</summary>
    public required DateTimeOffset TokenExpiresAt { get; init; }

    /// <summary>The visitor's own secret, which opens the dialog again after the dialog token ran out.</summary>
    public required string GuestToken { get; init; }

    /// <summary>The end of the dialog's log.</summary>
    public required EventCursor Cursor { get; init; }

    /// <summary>The address of the dialog's socket.</summary>
    public required Uri RealtimeUrl { get; init; }

    /// <summary>Who answers.</summary>
    public required HandoffState Handoff { get; init; }

    /// <summary>Leaves the tokens out, so that an accidental log line does no harm.</summary>
    /// <returns>The channel and the dialog.</returns>
    public override string ToString() => $"{Channel} dialog {Id}";
}
