using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Streams;

/// <summary>A socket as a stream sees it. Its methods must not block.</summary>
internal interface IStreamListener
{
    /// <summary>Tells listeners apart: what a listener causes itself, and is not stored, it does not hear.</summary>
    ulong Id { get; }

    /// <summary>Takes an event.</summary>
    void Hear(OutboundFrame frame);

    /// <summary>The stream cannot go on from where it was: the log was lost or rolled back.</summary>
    void Interrupt();
}
