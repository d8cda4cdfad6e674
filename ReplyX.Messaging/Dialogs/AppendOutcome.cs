namespace ReplyX.Messaging.Dialogs;

/// <summary>How an append ended.</summary>
public enum AppendOutcome
{
    /// <summary>The event is in the log.</summary>
    Appended,

    /// <summary>The same key and content was appended before; the entry is that one.</summary>
    Duplicate,

    /// <summary>The same key was used before with other content. Nothing was appended.</summary>
    KeyConflict,

    /// <summary>There is no such dialog of this owner. Nothing was appended.</summary>
    DialogNotFound,

    /// <summary>The dialog's handoff state forbids it. Nothing was appended.</summary>
    HandoffRefused,

    /// <summary>Another operator holds the dialog, and who asked to release it is no owner. Nothing was appended.</summary>
    HandoffNotYours,
}
