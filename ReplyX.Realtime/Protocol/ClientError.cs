namespace ReplyX.Realtime.Protocol;

/// <summary>What a socket is told when a message of it cannot be served. docs/websocket/protocol.md lists them.</summary>
/// <param name="Code">The code that a client acts on.</param>
/// <param name="Message">A sentence for the developer who reads it.</param>
/// <param name="RetryAfter">When to try again with the same key; null if the same would fail again.</param>
internal sealed record ClientError(string Code, string Message, TimeSpan? RetryAfter = null)
{
    public static readonly ClientError BadJson = new("bad_json", "A message must be a JSON object with a string \"type\".");
    public static readonly ClientError UnknownType = new("unknown_type", "No such message type. Known: message, typing_start, typing_stop, read, refresh.");
    public static readonly ClientError NotHere = new("not_here", "The list of dialogs takes no messages; connect to the dialog.");
    public static readonly ClientError BadText = new("bad_text", "The text is empty, only white space, or too long.");
    public static readonly ClientError BadClientId = new("bad_client_id", "\"client_id\" must be 1 to 64 bytes of printable ASCII without spaces.");
    public static readonly ClientError BadSeq = new("bad_seq", "\"seq\" must be the number of an event of this dialog.");
    public static readonly ClientError IdempotencyConflict = new("idempotency_conflict", "This client_id was used before with another text.");
    public static readonly ClientError HandoffActive = new("handoff_active", "Another operator holds this dialog.");
    public static readonly ClientError DialogGone = new("no_such_dialog", "The dialog is no more.");
    public static readonly ClientError BadToken = new("bad_token", "The token is not a valid one of the same subject and dialog; the socket keeps the old one.");
    public static readonly ClientError BackplaneUnavailable =
        new("backplane_unavailable", "Whether it was stored is unknown: send again with the same client_id.", TimeSpan.FromSeconds(1));

    /// <summary>Told to every socket when Redis stops answering; no message of theirs is meant.</summary>
    public static readonly ClientError BackplaneLost =
        new("backplane_unavailable", "Messages are delayed. The socket stays open, and nothing that was acknowledged is lost.");
}
