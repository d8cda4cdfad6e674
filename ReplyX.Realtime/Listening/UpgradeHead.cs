using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Listening;

/// <summary>
/// The head of a request for a socket (RFC 9112 sections 2 to 5, RFC 6455 section 4.1), read as narrowly as clients write it. What is
/// written otherwise, allowed or not, is none of its business: the server reads that.
/// </summary>
internal sealed class UpgradeHead
{
    /// <summary>The longest head that is read here.</summary>
    public const int MaxBytes = 8 * 1024;

    private const int MaxHeaders = 64;

    private static readonly SearchValues<byte> _pathBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_"u8);
    private static readonly SearchValues<byte> _nameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
    private static readonly SearchValues<byte> _hostBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"u8);

    private string? _host;
    private string? _upgrade;
    private string? _connection;
    private string? _version;
    private string? _key;

    private UpgradeHead(int length, SocketRoute route, string? dialogId, string query)
    {
        Length = length;
        Route = route;
        DialogId = dialogId;
        var parameters = query.Length == 0 ? null : QueryHelpers.ParseNullableQuery(query);
        Tokens = parameters?.GetValueOrDefault("token") ?? StringValues.Empty;
        Cursor = parameters?.GetValueOrDefault("cursor") is { Count: > 0 } cursor ? cursor.ToString() : null;
    }

    private static ReadOnlySpan<byte> Beginning => "GET /ws/"u8;

    /// <summary>How many bytes it has, the empty line included.</summary>
    public int Length { get; }

    public SocketRoute Route { get; }

    public string? DialogId { get; }

    public StringValues Tokens { get; }

    public string? Cursor { get; }

    /// <summary>The client's nonce.</summary>
    public string Key => _key!;

    public StringValues Protocols { get; private set; }

    public StringValues Origin { get; private set; }

    public string? TraceParent { get; private set; }

    public string? TraceState { get; private set; }

    public StringValues ForwardedFor { get; private set; }

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">The first bytes of a connection.</param>
    /// <param name="head">The head, if it is whole and plain.</param>
    public static UpgradeHeadStatus Read(ReadOnlySpan<byte> bytes, out UpgradeHead? head)
    {
        head = null;
        if (!bytes.StartsWith(Beginning[..Math.Min(bytes.Length, Beginning.Length)]))
        {
            return UpgradeHeadStatus.Other;
        }

        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return UpgradeHeadStatus.Incomplete;
        }

        var lines = bytes[..(end + 2)];
        var lineEnd = lines.IndexOf("\r\n"u8);
        head = ReadRequestLine(lines[..lineEnd], end + 4);
        if (head is null || !head.TryReadHeaders(lines[(lineEnd + 2)..]) || !head.IsAcceptable())
        {
            head = null;
            return UpgradeHeadStatus.Other;
        }

        return UpgradeHeadStatus.Complete;
    }

    private static UpgradeHead? ReadRequestLine(ReadOnlySpan<byte> line, int length)
    {
        if (!line.EndsWith(" HTTP/1.1"u8))
        {
            return null;
        }

        var target = line["GET ".Length..^" HTTP/1.1".Length];
        var mark = target.IndexOf((byte)'?');
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? [] : target[mark..];
        return !path.ContainsAnyExcept(_pathBytes)
            && !query.ContainsAnyExceptInRange((byte)'!', (byte)'~')
            && SocketRoutes.TryMatch(Encoding.ASCII.GetString(path), out var route, out var id)
            ? new UpgradeHead(length, route, id, Encoding.ASCII.GetString(query))
            : null;
    }

    private bool TryReadHeaders(ReadOnlySpan<byte> lines)
    {
        for (var count = 0; lines.Length > 0; count++)
        {
            var end = lines.IndexOf("\r\n"u8);
            var line = lines[..end];
            lines = lines[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (count == MaxHeaders || colon <= 0 || line[..colon].ContainsAnyExcept(_nameBytes))
            {
                return false;
            }

            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (value.ContainsAnyExceptInRange((byte)' ', (byte)'~') || !TryTake(line[..colon], value))
            {
                return false;
            }
        }

        return true;
    }

    // False for a header that this cannot do justice to.
    private bool TryTake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 4 when Is(name, "host"u8):
                return TrySet(ref _host, value) && IsHost(value);
            case 6 when Is(name, "origin"u8):
                Origin = StringValues.Concat(Origin, Text(value));
                return true;
            case 6 when Is(name, "expect"u8):
                return false;
            case 7 when Is(name, "upgrade"u8):
                return TrySet(ref _upgrade, value);
            case 10 when Is(name, "connection"u8):
                return TrySet(ref _connection, value);
            case 10 when Is(name, "tracestate"u8):
                TraceState = TraceState is null ? Text(value) : $"{TraceState},{Text(value)}";
                return true;
            case 11 when Is(name, "traceparent"u8):
                TraceParent = TraceParent is null ? Text(value) : "";
                return true;
            case 14 when Is(name, "content-length"u8):
                return false;
            case 15 when Is(name, "x-forwarded-for"u8):
                ForwardedFor = StringValues.Concat(ForwardedFor, Text(value));
                return true;
            case 17 when Is(name, "transfer-encoding"u8):
                return false;
            case 17 when Is(name, "sec-websocket-key"u8):
                return TrySet(ref _key, value);
            case 21 when Is(name, "sec-websocket-version"u8):
                return TrySet(ref _version, value);
            case 22 when Is(name, "sec-websocket-protocol"u8):
                Protocols = StringValues.Concat(Protocols, Text(value));
                return true;
            default:
                return true;
        }
    }

    private bool IsAcceptable() =>
        _host is not null
        && Handshake.HasToken(_upgrade, "websocket")
        && Handshake.HasToken(_connection, "upgrade")
        && _version == Handshake.SupportedVersion
        && Handshake.IsKey(_key);

    // A name or an IPv4 address, perhaps with a port. In what else a host may be, the server knows its way.
    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var name = colon < 0 ? value : value[..colon];
        var port = colon < 0 ? [] : value[(colon + 1)..];
        return name.Length > 0
            && !name.ContainsAnyExcept(_hostBytes)
            && (colon < 0 || (port.Length > 0 && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9')));
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value);

    // Once: what a second one means is the server's to say.
    private static bool TrySet(ref string? field, ReadOnlySpan<byte> value)
    {
        if (field is not null)
        {
            return false;
        }

        field = Text(value);
        return true;
    }
}
