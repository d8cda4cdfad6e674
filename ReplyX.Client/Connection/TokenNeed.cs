namespace ReplyX.Client;

/// <summary>Why a connection asks its token provider for a token.</summary>
public enum TokenNeed
{
    /// <summary>It has none yet. A token at hand will do.</summary>
    First,

    /// <summary>The present one will expire soon; the new one must have the same subject and dialog.</summary>
    Expiring,

    /// <summary>The present one was refused as expired: a token at hand will not do.</summary>
    Expired,
}
