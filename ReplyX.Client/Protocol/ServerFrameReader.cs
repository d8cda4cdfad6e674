using System.Text;
using System.Text.Json;

namespace ReplyX.Client;

/// <summary>Reads frames and turns them into events.</summary>
internal static class ServerFrameReader
{
    /// <summary>Reads one frame.</summary>
    /// <returns>The frame; null when the bytes are no JSON object with a type.</returns>
    internal static ServerFrame? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var frame = JsonSerializer.Deserialize(utf8, ServerFrameJson.Default.ServerFrame);
            return frame?.Type is null ? null : frame;
        }
        catch (JsonException)
        {
            return ReadUnknownType(utf8);
        }
    }

    /// <summary>
    /// The event that a frame stands for.
    /// </summary>
    /// <returns>An event; <see cref="UnknownEvent"/> for a type that this library does not know; null when a known type lacks a required member.</returns>
    internal static ReplyXEvent? ToEvent(ServerFrame frame, ReadOnlySpan<byte> utf8, long receivedTimestamp)
        => ToEvent(frame) switch
        {
            null => null,
            UnknownEvent unknown => unknown with
            {
                Json = Encoding.UTF8.GetString(utf8),
                Cursor = frame.Position is { } place && place.Seq == frame.Seq ? place : null,
                DialogId = frame.DialogId,
                Timestamp = frame.Timestamp,
                ReceivedTimestamp = receivedTimestamp,
            },
            var known => known with { DialogId = frame.DialogId, Timestamp = frame.Timestamp, ReceivedTimestamp = receivedTimestamp },
        };

    internal static HandoffState ToHandoff(string? wire) => wire switch
    {
        "none" or null => HandoffState.None,
        "requested" => HandoffState.Requested,
        "active" => HandoffState.Active,
        "released" => HandoffState.Released,
        "cancelled" => HandoffState.Cancelled,
        _ => HandoffState.Unknown,
    };

    private static ReplyXEvent? ToEvent(ServerFrame frame) => frame.Type switch
    {
        FrameTypes.Message => frame is { Position: { } at, Sender: { } sender, Text: { } text }
            ? new MessageEvent { Cursor = at, Sender = sender, Text = text, Author = frame.Author, ClientId = frame.ClientId, ReplyTo = frame.ReplyTo }
            : null,
        FrameTypes.MessageDelta => frame is { ReplyTo: { } seq, Offset: { } offset, Text: { } piece }
            ? new DeltaEvent { ReplyTo = seq, Sender = frame.Sender, Offset = offset, Text = piece }
            : null,
        FrameTypes.MessageDeltaEnd => frame.ReplyTo is { } given ? new DeltaEvent { ReplyTo = given, IsEnd = true } : null,
        FrameTypes.HandoffRequested => Handoff(frame, HandoffState.Requested),
        FrameTypes.HandoffStarted => Handoff(frame, HandoffState.Active),
        FrameTypes.HandoffReleased => Handoff(frame, HandoffState.Released),
        FrameTypes.HandoffCancelled => Handoff(frame, HandoffState.Cancelled),
        FrameTypes.DialogNew => ListEntry(frame, isNew: true),
        FrameTypes.DialogUpdate => ListEntry(frame, isNew: false),
        FrameTypes.DialogRead => frame.LastRead is { } upTo
            ? new DialogReadEvent { UpTo = upTo, Sender = frame.Sender, Unread = frame.Unread ?? 0 }
            : null,
        FrameTypes.DialogVisitor => new DialogVisitorEvent { Visitor = frame.Visitor, Page = frame.Page },
        FrameTypes.DialogRemoved => new DialogRemovedEvent { Cursor = frame.Position },
        FrameTypes.TypingStart => new TypingEvent { IsTyping = true, Sender = frame.Sender, Author = frame.Author },
        FrameTypes.TypingStop => new TypingEvent { IsTyping = false, Sender = frame.Sender, Author = frame.Author },
        FrameTypes.Read => frame.LastRead is { } upTo ? new ReadEvent { UpTo = upTo, Sender = frame.Sender } : null,
        FrameTypes.Error => new ServerErrorEvent
        {
            Code = frame.Code ?? "unknown",
            Message = frame.Message,
            RetryAfter = Milliseconds(frame.RetryAfterMs),
        },
        _ => new UnknownEvent { Type = frame.Type!, Json = "" },
    };

    private static HandoffEvent? Handoff(ServerFrame frame, HandoffState state)
        => frame.Position is { } at ? new HandoffEvent { Cursor = at, State = state, Operator = frame.Operator, Reason = frame.Reason } : null;

    private static DialogListEvent? ListEntry(ServerFrame frame, bool isNew)
        => frame.Position is { } at
            ? new DialogListEvent
            {
                Cursor = at,
                IsNew = isNew,
                Change = frame.Event,
                Handoff = ToHandoff(frame.Handoff),
                LastSeq = frame.LastSeq ?? 0,
                Sender = frame.Sender,
                Preview = frame.Preview,
                Operator = frame.Operator,
                Unread = frame.Unread,
                WaitingSince = frame.WaitingSince,
            }
            : null;

    internal static TimeSpan? Milliseconds(double? value)
        => value is >= 0 and < int.MaxValue ? TimeSpan.FromMilliseconds(value.Value) : null;

    /// <summary>
    /// Reads a frame of a future type that uses a known member for a value of another kind. Its type and its position in the log are still
    /// needed: without the position, an event would seem to be missing.
    /// </summary>
    private static ServerFrame? ReadUnknownType(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "type") is not { } type || !IsUnknownType(type))
            {
                return null;
            }

            return new ServerFrame
            {
                Type = type,
                Cursor = Text(root, "cursor"),
                Seq = root.TryGetProperty("seq", out var seq) && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var number)
                    ? number
                    : null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsUnknownType(string type)
        => type is not (FrameTypes.Connected or FrameTypes.Ack or FrameTypes.TokenExpiring or FrameTypes.Refreshed or FrameTypes.Reconnect)
            && ToEvent(new ServerFrame { Type = type }) is UnknownEvent;

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
