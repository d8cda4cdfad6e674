namespace ReplyX.Messaging.Dialogs;

/// <summary>A step between two <see cref="HandoffState"/>s.</summary>
public enum HandoffStep
{
    /// <summary>Ask for a human: from none, released or cancelled to requested.</summary>
    Request,

    /// <summary>An operator takes the dialog: from requested to active.</summary>
    Takeover,

    /// <summary>The dialog goes back to the assistant: from active to released.</summary>
    Release,

    /// <summary>The request is withdrawn: from requested to cancelled.</summary>
    Cancel,
}
