namespace ReplyX.Client;

/// <summary>An entry of the account's feed: a dialog appeared or changed.</summary>
public sealed record DialogListEvent : ReplyXEvent
{
    /// <summary>Whether the dialog is new in the list.</summary>
    public required bool IsNew { get; init; }

    /// <summary>What happened in the dialog, by its wire name: <c>message</c>, <c>handoff_requested</c> and so on.</summary>
    public string? Change { get; init; }

    /// <summary>The dialog's handoff state after it.</summary>
    public HandoffState Handoff { get; init; }

    /// <summary>The number, in the dialog's own log, of the event that this entry is about.</summary>
    public long LastSeq { get; init; }

    /// <summary>Who wrote the message, if it is one.</summary>
    public string? Sender { get; init; }

    /// <summary>The start of the message's text, if it is one.</summary>
    public string? Preview { get; init; }

    /// <summary>The operator who took the dialog over, where that is what happened.</summary>
    public string? Operator { get; init; }

    /// <summary>How many events the operators have not read; null from a server that does not say.</summary>
    public long? Unread { get; init; }

    /// <summary>Since when the visitor waits for a person; null if not.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}
