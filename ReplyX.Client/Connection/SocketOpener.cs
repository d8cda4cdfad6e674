using System.Globalization;
using System.Net;
using System.Net.WebSockets;

namespace ReplyX.Client;

/// <summary>Opens sockets, and interprets a refused upgrade.</summary>
internal sealed class SocketOpener(ReplyXConnectionOptions options)
{
    private const string Protocol = "replyx.v1";
    private const string TokenPrefix = "replyx.token.";

    /// <summary>Opens a socket.</summary>
    /// <returns>The socket, or why there is none.</returns>
    internal async Task<(LiveSocket? Socket, SocketOutcome? Refusal)> OpenAsync(
        string token, EventCursor? cursor, CancellationToken cancellationToken)
    {
        if (!IsHeaderToken(token))
        {
            return (null, new SocketOutcome("the token is none") { Final = ConnectionEndReason.AuthenticationFailed });
        }

        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Protocol);
        socket.Options.AddSubProtocol(TokenPrefix + token);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.Zero; // The heartbeat is the protocol's own.
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await socket.ConnectAsync(Address(cursor), options.Invoker, both.Token);
            return (new LiveSocket(socket, options), null);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return (null, new SocketOutcome("the server did not answer in time"));
        }
        catch (WebSocketException)
        {
            var refusal = Refusal(socket.HttpStatusCode, socket.HttpResponseHeaders);
            socket.Dispose();
            return (null, refusal);
        }
    }

    /// <summary>What the client has to do after a refused upgrade.</summary>
    private SocketOutcome Refusal(HttpStatusCode status, IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    {
        var code = (int)status;
        if (code == 0)
        {
            return new SocketOutcome("nothing answered");
        }

        return new SocketOutcome(string.Create(CultureInfo.InvariantCulture, $"refused with {code}"))
        {
            HttpStatus = code,
            TokenExpired = status == HttpStatusCode.Unauthorized,
            RetryAfter = RetryAfterHeader.Read(Header(headers), options.TimeProvider),
            Final = status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => null,
                HttpStatusCode.Forbidden => ConnectionEndReason.OriginRefused,
                HttpStatusCode.NotFound => ConnectionEndReason.DialogNotFound,
                _ => code is >= 400 and < 500 ? ConnectionEndReason.Refused : null,
            },
        };
    }

    private static string? Header(IReadOnlyDictionary<string, IEnumerable<string>>? headers)
        => headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    private Uri Address(EventCursor? cursor)
    {
        var builder = new UriBuilder(options.Url);
        builder.Scheme = builder.Scheme switch { "https" => "wss", "http" => "ws", var socket => socket };
        if (cursor is { } seen)
        {
            builder.Query = builder.Query.Length > 1 ? $"{builder.Query[1..]}&cursor={seen}" : $"cursor={seen}";
        }

        return builder.Uri;
    }

    private static bool IsHeaderToken(string token)
        => token.Length > 0 && token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~');
}
