namespace ReplyX.Client;

/// <summary>A step between the assistant and a human operator.</summary>
public enum HandoffStep
{
    /// <summary>Ask for a human.</summary>
    Request,

    /// <summary>Take the dialog over.</summary>
    Takeover,

    /// <summary>Give it back to the assistant.</summary>
    Release,

    /// <summary>Withdraw the request.</summary>
    Cancel,
}
