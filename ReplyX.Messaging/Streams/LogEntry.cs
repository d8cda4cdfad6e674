using System.Buffers.Text;
using System.Text;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Streams;

/// <summary>
/// One event as the log holds it and the backplane carries it: a line of what the servers need, then the JSON that goes to
/// the sockets as it is. No node parses or encodes an event to deliver it.
/// <code>
/// seq SP nonce SP unix-milliseconds SP idempotency-key [SP traceparent] LF json
/// </code>
/// An event that is not stored (typing) has <c>seq</c> 0 and, as its nonce, the connection that caused it. If its key is <c>~</c>, a
/// socket that does not keep up need not get it.
/// </summary>
public readonly struct LogEntry
{
    private const byte Space = (byte)' ';
    private const byte LineFeed = (byte)'\n';

    // In place of the idempotency key, of which no principal's is that short.
    private const byte Droppable = (byte)'~';

    private readonly ReadOnlyMemory<byte> _raw;
    private readonly Range _key;
    private readonly Range _traceParent;

    /// <summary>What the key begins with where the event tells how far a side has read: its name, a colon and the number follow.</summary>
    internal const string ReadKey = "read:";

    private static ReadOnlySpan<byte> DialogIdName => "\"dialog_id\":"u8;

    private static ReadOnlySpan<byte> LastSeqName => "\"last_seq\":"u8;

    private LogEntry(ReadOnlyMemory<byte> raw, Cursor cursor, long appendedAt, Range key, Range traceParent, int payload)
    {
        _raw = raw;
        _key = key;
        _traceParent = traceParent;
        Cursor = cursor;
        AppendedAtUnixMilliseconds = appendedAt;
        Payload = raw[payload..];
    }

    /// <summary>Where the event stands in its stream.</summary>
    public Cursor Cursor { get; }

    /// <summary>The event's number in its stream; 0 if it is not stored.</summary>
    public long Seq => Cursor.Seq;

    /// <summary>Whether the event is in the log, so that it counts, is ordered and can be recovered.</summary>
    public bool IsStored => Seq > 0;

    /// <summary>Whether a socket that does not keep up may miss it: what it tells is told again by a stored event.</summary>
    public bool IsDroppable => !IsStored && _raw.Span[_key] is [Droppable];

    /// <summary>The connection that caused an event which is not stored; 0 for a stored one.</summary>
    public ulong Origin => IsStored ? 0 : Cursor.Nonce;

    /// <summary>When the event was appended, in Unix milliseconds by the appending service's clock.</summary>
    public long AppendedAtUnixMilliseconds { get; }

    /// <summary>The event as clients get it: UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The whole entry, as the log holds it.</summary>
    internal ReadOnlyMemory<byte> Raw => _raw;

    /// <summary>The sender's idempotency key with its principal; <c>-</c> for events without one.</summary>
    public string Key => Encoding.ASCII.GetString(_raw.Span[_key]);

    /// <summary>Whether the event, which is not stored, tells how far a side has read.</summary>
    /// <param name="side">Whose mark it is.</param>
    /// <param name="seq">The last event that they read.</param>
    public bool TryGetReadMark(out Sender side, out long seq)
    {
        (side, seq) = (default, 0);
        var key = _raw.Span[_key];
        if (IsStored || !key.StartsWith("read:"u8))
        {
            return false;
        }

        key = key[ReadKey.Length..];
        var colon = key.IndexOf((byte)':');
        Sender? known = colon < 0 ? null
            : key[..colon].SequenceEqual("user"u8) ? Sender.User
            : key[..colon].SequenceEqual("manager"u8) ? Sender.Manager
            : key[..colon].SequenceEqual("assistant"u8) ? Sender.Assistant
            : null;
        side = known ?? default;
        return known is not null && Utf8Parser.TryParse(key[(colon + 1)..], out seq, out _);
    }

    /// <summary>Whether the event, which is a feed's, tells of an event that was stored in a dialog.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="head">That event.</param>
    public bool TryGetTold(out long dialogId, out Cursor head)
    {
        // Both stand before anything that people wrote.
        var payload = Payload.Span;
        (dialogId, head) = (0, default);
        if (!IsStored || !TryGetNumber(payload, DialogIdName, out dialogId) || !TryGetNumber(payload, LastSeqName, out var seq))
        {
            return false;
        }

        // A dialog's event and the feed's entry for it have one nonce.
        head = new Cursor(seq, Cursor.Nonce);
        return true;
    }

    private static bool TryGetNumber(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> name, out long number)
    {
        number = 0;
        var at = payload.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(payload[(at + name.Length)..], out number, out _);
    }

    /// <summary>The W3C trace context of the append, if it was sampled.</summary>
    public string? TraceParent => _traceParent.Equals(default) ? null : Encoding.ASCII.GetString(_raw.Span[_traceParent]);

    /// <summary>Whether it is an event of this stream. Of a feed any is: its events do not name their account.</summary>
    internal bool IsOf(StreamKey stream) => stream.IsFeed || (TryGetNumber(Payload.Span, DialogIdName, out var id) && id == stream.DialogId);

    /// <summary>An event that is not stored, as the backplane carries it.</summary>
    /// <param name="payload">The event, UTF-8 JSON.</param>
    /// <param name="now">When it happened.</param>
    /// <param name="isDroppable">Whether a socket that does not keep up may miss it.</param>
    /// <param name="origin">The connection that causes it, which is not told; 0 for none.</param>
    internal static byte[] Unstored(ReadOnlySpan<byte> payload, DateTimeOffset now, bool isDroppable, ulong origin = 0) =>
        [.. Encoding.ASCII.GetBytes($"0 {origin:x} {now.ToUnixTimeMilliseconds()} {(isDroppable ? '~' : '-')}\n"), .. payload];

    /// <summary>Splits an entry.</summary>
    /// <param name="raw">The bytes from the log or the backplane; kept, not copied.</param>
    /// <param name="entry">The entry, if the bytes are one.</param>
    /// <returns>Whether the bytes are an entry.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> raw, out LogEntry entry)
    {
        entry = default;
        var span = raw.Span;
        var lineEnd = span.IndexOf(LineFeed);
        if (lineEnd < 0)
        {
            return false;
        }

        var line = span[..lineEnd];
        if (!Cursor.TryParse(line, Space, out var cursor, out var at)
            || at >= line.Length
            || line[at] != Space
            || !Utf8Parser.TryParse(line[(at + 1)..], out long appendedAt, out var length))
        {
            return false;
        }

        at += 1 + length;
        if (at >= line.Length || line[at] != Space)
        {
            return false;
        }

        var keyStart = at + 1;
        var keyLength = line[keyStart..].IndexOf(Space);
        var keyEnd = keyLength < 0 ? lineEnd : keyStart + keyLength;
        var traceParent = keyLength < 0 ? default : (keyEnd + 1)..lineEnd;
        entry = new LogEntry(raw, cursor, appendedAt, keyStart..keyEnd, traceParent, lineEnd + 1);
        return true;
    }

    /// <summary>The same entry in memory of its own, so that it does not hold what it was read with.</summary>
    internal LogEntry Detach() => Parse(_raw.ToArray());

    internal static LogEntry Parse(ReadOnlyMemory<byte> raw) =>
        TryParse(raw, out var entry) ? entry : throw new FormatException("The log holds bytes that are no event.");
}
