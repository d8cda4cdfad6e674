namespace ReplyX.Client;

/// <summary>The names of the frames, as they stand on the wire.</summary>
internal static class FrameTypes
{
    internal const string Connected = "connected";
    internal const string Message = "message";
    internal const string MessageDelta = "message_delta";
    internal const string MessageDeltaEnd = "message_delta_end";
    internal const string HandoffRequested = "handoff_requested";
    internal const string HandoffStarted = "handoff_started";
    internal const string HandoffReleased = "handoff_released";
    internal const string HandoffCancelled = "handoff_cancelled";
    internal const string DialogNew = "dialog_new";
    internal const string DialogUpdate = "dialog_update";
    internal const string DialogRead = "dialog_read";
    internal const string DialogVisitor = "dialog_visitor";
    internal const string DialogRemoved = "dialog_removed";
    internal const string TypingStart = "typing_start";
    internal const string TypingStop = "typing_stop";
    internal const string Read = "read";
    internal const string Ack = "ack";
    internal const string Error = "error";
    internal const string TokenExpiring = "token_expiring";
    internal const string Refreshed = "refreshed";
    internal const string Reconnect = "reconnect";
    internal const string Refresh = "refresh";

    /// <summary>The heartbeat is raw text, not JSON: a browser cannot see protocol pings.</summary>
    internal static ReadOnlySpan<byte> Pong => "__pong__"u8;
}
