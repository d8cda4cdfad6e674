namespace ReplyX.Realtime.Connections;

internal enum EnqueueResult
{
    Added,

    /// <summary>The socket is closing; nothing more goes out.</summary>
    Closed,

    /// <summary>The peer does not keep up.</summary>
    Overflow,
}
