namespace ReplyX.Client;

/// <summary>Why a connection ended for good.</summary>
public enum ConnectionEndReason
{
    /// <summary>This side closed it.</summary>
    ClosedByClient,

    /// <summary>The server closed it and wants no other (1000).</summary>
    ClosedByServer,

    /// <summary>The token was refused (4002), or the token provider has none to give.</summary>
    AuthenticationFailed,

    /// <summary>The origin may not connect (4003).</summary>
    OriginRefused,

    /// <summary>There is no such dialog for this token (4004).</summary>
    DialogNotFound,

    /// <summary>The upgrade was refused with a status that trying again does not change.</summary>
    Refused,

    /// <summary>The library failed. <see cref="ConnectionEnd.Detail"/> names the exception; please report it.</summary>
    InternalError,
}
