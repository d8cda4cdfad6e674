namespace ReplyX.Client;

/// <summary>How one socket, or the attempt to open one, ended.</summary>
internal sealed record SocketOutcome(string Reason)
{
    internal int? CloseCode { get; init; }

    internal int? HttpStatus { get; init; }

    /// <summary>Set when there is to be no other socket.</summary>
    internal ConnectionEndReason? Final { get; init; }

    /// <summary>How long the server asks to stay away.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether this side ended it in order to resume, so that the first new attempt need not wait.</summary>
    internal bool Resume { get; init; }

    /// <summary>Whether the token was refused as expired.</summary>
    internal bool TokenExpired { get; init; }

    internal static SocketOutcome Closed(int? code, TimeSpan? hint) => new(code is null ? "closed without a code" : $"closed with {code}")
    {
        CloseCode = code,
        Final = code is { } given ? CloseCodes.FinalReason(given) : null,
        TokenExpired = code == CloseCodes.TokenExpired,
        RetryAfter = hint,
    };
}
