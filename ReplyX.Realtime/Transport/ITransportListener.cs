namespace ReplyX.Realtime.Transport;

/// <summary>Who is told what happens on a <see cref="ByteTransport"/>, on the loop that owns both.</summary>
internal interface ITransportListener
{
    /// <summary>Where the next bytes go. It is asked for before each read and used until <see cref="OnReceived"/> returns.</summary>
    Span<byte> ReceiveBuffer { get; }

    /// <summary>Bytes have come.</summary>
    /// <param name="count">How many of the buffer.</param>
    /// <returns>Whether to go on reading; otherwise <see cref="ByteTransport.Resume"/> does.</returns>
    bool OnReceived(int count);

    /// <summary>A send that was not taken whole may be tried again.</summary>
    void OnWritable();

    /// <summary>The other end has ended or reset the connection. Nothing else follows.</summary>
    void OnEnded();
}
