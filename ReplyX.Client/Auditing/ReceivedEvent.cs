namespace ReplyX.Client;

/// <summary>A stored event as a socket got it.</summary>
public sealed record ReceivedEvent
{
    /// <summary>Its place in what the socket follows: the dialog's log, or the account's feed.</summary>
    public required EventCursor Position { get; init; }

    /// <summary>The dialog that it names; null for none.</summary>
    public required long? DialogId { get; init; }

    /// <summary>
    /// The number, in the dialog's log, of the event that it brings or tells of. On a dialog's socket that is its own; an entry of the
    /// list has the nonce of the event that it is about, and a number of its own.
    /// </summary>
    public required long EventSeq { get; init; }

    /// <summary>What it says, in the form of <see cref="EventContent"/>; an entry of the list says how the text begins. Null if nothing is known of it.</summary>
    public required string? Content { get; init; }

    /// <summary>Whether an entry of the list says that its dialog is new there; null where that is not written down.</summary>
    public bool? IsNew { get; init; }

    /// <summary>Takes what the client library yields.</summary>
    /// <param name="seen">A stored event.</param>
    /// <returns>The same, for an audit.</returns>
    public static ReceivedEvent Of(ReplyXEvent seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new ReceivedEvent
        {
            Position = seen.Cursor ?? throw new ArgumentException("Only stored events are audited.", nameof(seen)),
            DialogId = seen.DialogId,
            EventSeq = (seen as DialogListEvent)?.LastSeq ?? seen.Seq,
            Content = EventContent.Of(seen),
            IsNew = (seen as DialogListEvent)?.IsNew,
        };
    }
}
