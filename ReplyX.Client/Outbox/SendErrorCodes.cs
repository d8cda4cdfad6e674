namespace ReplyX.Client;

/// <summary>Why a message was not stored, where this library and not the server says so.</summary>
public static class SendErrorCodes
{
    /// <summary>The connection ended before the server answered. The message may have been stored.</summary>
    public const string ConnectionEnded = "connection_ended";

    /// <summary>As many messages as the options allow wait for their answer already.</summary>
    public const string OutboxFull = "outbox_full";

    /// <summary>The text is no valid UTF-16: half of a surrogate pair stands alone.</summary>
    public const string MalformedText = "malformed_text";

    /// <summary>The server closed the socket because the message was too big (1009).</summary>
    public const string MessageTooBig = "message_too_big";

    /// <summary>
    /// No answer came for as long as the server knows a key, and there is no history to look into. The message may have been stored.
    /// </summary>
    public const string KeyExpired = "key_expired";

    /// <summary>Another message with the same key is waiting for its answer.</summary>
    public const string KeyInUse = "key_in_use";
}
