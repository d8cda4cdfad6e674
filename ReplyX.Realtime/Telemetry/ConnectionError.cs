namespace ReplyX.Realtime.Telemetry;

/// <summary>
/// Why a socket was refused or broke: every value of the label <c>error_type</c>, which is the name in snake case. A new one needs a
/// line here and a word in docs/observability.md; it then is at zero from a node's first scrape.
/// </summary>
internal enum ConnectionError
{
    Auth,
    TokenExpired,
    Revoked,
    Origin,
    NoSuchDialog,
    Draining,
    UpgradeRequired,
    BadHandshake,
    BackplaneUnavailable,
    Protocol,
    MessageSize,
    FrameRate,
    ConnectRate,
    LimitPrincipal,
    LimitDialog,
    LimitAddress,
    LimitPool,
    LimitNode,
    Internal,
}
