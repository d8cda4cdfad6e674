namespace ReplyX.Client;

/// <summary>Who answers in a dialog.</summary>
public enum HandoffState
{
    /// <summary>A state that this version of the library does not know.</summary>
    Unknown,

    /// <summary>The assistant answers and nobody asked for a human.</summary>
    None,

    /// <summary>A human was asked for; the assistant still answers.</summary>
    Requested,

    /// <summary>An operator has the dialog; the assistant is refused.</summary>
    Active,

    /// <summary>The operator gave it back to the assistant.</summary>
    Released,

    /// <summary>The request was withdrawn.</summary>
    Cancelled,
}
