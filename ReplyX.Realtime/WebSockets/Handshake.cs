using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ReplyX.Realtime.WebSockets;

/// <summary>The opening handshake (RFC 6455 section 4.2).</summary>
internal static class Handshake
{
    public const string SupportedVersion = "13";
    private const int KeyBytes = 16;

    // RFC 6455 section 1.3.
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Sees whether a request asks for a WebSocket that can be given.</summary>
    public static HandshakeStatus Check(HttpContext context)
    {
        var request = context.Request;

        // Upgrade in HTTP/1.0 must be ignored (RFC 9110 section 7.8); the server below does not.
        if (!HttpMethods.IsGet(request.Method)
            || !HttpProtocol.IsHttp11(request.Protocol)
            || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            || !HasToken(request.Headers.Upgrade.ToString(), "websocket"))
        {
            return HandshakeStatus.NotAnUpgrade;
        }

        if (request.Headers.SecWebSocketVersion != SupportedVersion)
        {
            return HandshakeStatus.UnsupportedVersion;
        }

        return IsKey(request.Headers.SecWebSocketKey) ? HandshakeStatus.Acceptable : HandshakeStatus.BadKey;
    }

    /// <summary>Accepts, and gives the connection's bytes.</summary>
    /// <param name="context">A request that <see cref="Check"/> found acceptable.</param>
    /// <param name="subprotocol">The one subprotocol to name; null if the client offered none of ours.</param>
    public static Task<Stream> AcceptAsync(HttpContext context, string? subprotocol)
    {
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        headers.SecWebSocketAccept = AcceptKey(context.Request.Headers.SecWebSocketKey!);
        if (subprotocol is not null)
        {
            headers.SecWebSocketProtocol = subprotocol;
        }

        // A socket's reader may be slow on purpose or in need: its queue's bounds say when it is too slow, not a data rate.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        return context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary>Tells the client that this path is for sockets, or which version they speak.</summary>
    public static void WriteUpgradeRequired(HttpResponse response)
    {
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketVersion = SupportedVersion;
    }

    /// <summary>
    /// Ends the connection with whatever is answered in place of the upgrade: what a client has sent behind it are frames of a
    /// socket that it did not get, and are not to be read as requests.
    /// </summary>
    /// <param name="context">A request for a socket that is not answered yet.</param>
    public static void CloseUnlessUpgraded(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            var response = (HttpResponse)state;
            if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
            {
                // Upgrade as an answer's header has to be named in Connection (RFC 9110 section 7.8).
                response.Headers.Connection = response.Headers.Upgrade.Count > 0 ? "Upgrade, close" : "close";
            }

            return Task.CompletedTask;
        },
        context.Response);

    // RFC 6455 prescribes SHA-1 here; it secures nothing.
    [SuppressMessage("Security", "CA5350", Justification = "Prescribed by RFC 6455 section 4.2.2; it is no safeguard.")]
    internal static string AcceptKey(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix)));

    /// <summary>Whether a client's nonce is one: 16 bytes in base64.</summary>
    public static bool IsKey(string? key) =>
        key is not null && Base64.IsValid(key, out var length) && length == KeyBytes;

    /// <summary>Whether a header's value, a list, has an entry.</summary>
    public static bool HasToken(string? value, string token)
    {
        foreach (var entry in value.AsSpan().Split(','))
        {
            if (value.AsSpan(entry).Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the answer that accepts (RFC 6455 section 4.2.2).</summary>
    /// <param name="destination">Takes it; 512 bytes are enough.</param>
    /// <param name="key">The client's nonce.</param>
    /// <param name="subprotocol">The one subprotocol to name; null for none.</param>
    /// <returns>The part of the destination that it takes.</returns>
    public static ReadOnlySpan<byte> WriteSwitchingProtocols(Span<byte> destination, string key, string? subprotocol)
    {
        var protocol = subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n";
        var length = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {AcceptKey(key)}\r\n{protocol}\r\n",
            destination);
        return destination[..length];
    }
}
