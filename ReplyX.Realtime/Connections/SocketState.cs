namespace ReplyX.Realtime.Connections;

internal enum SocketState
{
    /// <summary>It waits for its channel; the handshake is not answered yet.</summary>
    Opening,

    /// <summary>What it missed is read from the log and sent.</summary>
    Replaying,

    /// <summary>It is sent what its channel hands out.</summary>
    Live,

    /// <summary>The goodbye is sent or waits behind what is queued; the peer's is waited for.</summary>
    Closing,

    /// <summary>The goodbye is sent to a peer that broke the protocol: what it says is thrown away until it falls silent.</summary>
    Draining,

    Closed,
}
