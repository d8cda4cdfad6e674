namespace ReplyX.Messaging.Tokens;

/// <summary>Why a token is not accepted.</summary>
public enum TokenFailure
{
    /// <summary>It is accepted.</summary>
    None,

    /// <summary>It is no token of ours: malformed, of another type, signed by another key, or without a claim that its type has.</summary>
    Invalid,

    /// <summary>It was good and has run out; a refresh gives another.</summary>
    Expired,
}
