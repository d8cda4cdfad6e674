namespace ReplyX.Client;

/// <summary>What a close code asks of a client.</summary>
internal static class CloseCodes
{
    internal const int Normal = 1000;
    internal const int TooBig = 1009;
    internal const int TokenExpired = 4001;
    internal const int AuthenticationFailed = 4002;
    internal const int OriginRefused = 4003;
    internal const int NoSuchDialog = 4004;

    /// <summary>Why a code ends the connection for good; null when it is to be opened again, as after any code not listed.</summary>
    internal static ConnectionEndReason? FinalReason(int code) => code switch
    {
        Normal => ConnectionEndReason.ClosedByServer,
        AuthenticationFailed => ConnectionEndReason.AuthenticationFailed,
        OriginRefused => ConnectionEndReason.OriginRefused,
        NoSuchDialog => ConnectionEndReason.DialogNotFound,
        _ => null,
    };
}
