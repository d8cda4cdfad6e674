using Microsoft.Extensions.Primitives;

namespace ReplyX.Realtime.Admission;

/// <summary>What a client offers to be known by: <c>Sec-WebSocket-Protocol: replyx.v1, replyx.token.&lt;jwt&gt;</c>, or <c>?token=</c>.</summary>
/// <param name="Token">The token; null if there is none, or more than one.</param>
/// <param name="Subprotocol">The subprotocol to name in the answer; never the one that holds the token.</param>
internal readonly record struct SocketCredential(string? Token, string? Subprotocol)
{
    public const string Protocol = "replyx.v1";
    private const string TokenPrefix = "replyx.token.";

    /// <summary>Finds it in a request.</summary>
    /// <param name="protocols">The values of <c>Sec-WebSocket-Protocol</c>.</param>
    /// <param name="tokens">The values of the parameter <c>token</c>.</param>
    public static SocketCredential Of(StringValues protocols, StringValues tokens)
    {
        var offered = protocols
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        var found = offered.Where(name => name.StartsWith(TokenPrefix, StringComparison.Ordinal))
            .Select(name => name[TokenPrefix.Length..])
            .Concat(tokens.OfType<string>())
            .ToList();
        return new SocketCredential(found is [var token] ? token : null, offered.Contains(Protocol) ? Protocol : null);
    }

    /// <summary>Keeps the token out of logs that print records.</summary>
    public override string ToString() => nameof(SocketCredential);
}
