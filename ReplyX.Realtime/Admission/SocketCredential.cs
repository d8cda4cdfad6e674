namespace ReplyX.Realtime.Admission;

/// <summary>What a client offers to be known by: <c>Sec-WebSocket-Protocol: replyx.v1, replyx.token.&lt;jwt&gt;</c>, or <c>?token=</c>.</summary>
/// <param name="Token">The token; null if there is none, or more than one.</param>
/// <param name="Subprotocol">The subprotocol to name in the answer; never the one that holds the token.</param>
internal readonly record struct SocketCredential(string? Token, string? Subprotocol)
{
    public const string Protocol = "replyx.v1";
    private const string TokenPrefix = "replyx.token.";

    public static SocketCredential Of(HttpRequest request)
    {
        var offered = request.Headers.SecWebSocketProtocol
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        var tokens = offered.Where(name => name.StartsWith(TokenPrefix, StringComparison.Ordinal))
            .Select(name => name[TokenPrefix.Length..])
            .Concat(request.Query["token"].OfType<string>())
            .ToList();
        return new SocketCredential(tokens is [var token] ? token : null, offered.Contains(Protocol) ? Protocol : null);
    }

    /// <summary>Keeps the token out of logs that print records.</summary>
    public override string ToString() => nameof(SocketCredential);
}
