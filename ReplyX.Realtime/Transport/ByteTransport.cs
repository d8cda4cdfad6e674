using System.Net.Sockets;

namespace ReplyX.Realtime.Transport;

/// <summary>The bytes of one connection, owned by one loop: every member is called on the loop's thread, and none of them waits.</summary>
internal abstract class ByteTransport
{
    /// <summary>What <see cref="Send"/> gives for a connection that is no more.</summary>
    public const int Gone = -1;

    /// <summary>Takes a connected socket over, which was never used asynchronously. May be called by any thread.</summary>
    public static ByteTransport Of(EventLoop loop, Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new StreamTransport(loop, new NetworkStream(socket, ownsSocket: true));
        }

        using (socket)
        {
            return new DescriptorTransport(loop, Epoll.Duplicate(socket.SafeHandle));
        }
    }

    /// <summary>Tells a listener from now on, and reads.</summary>
    public abstract void Start(ITransportListener listener);

    /// <summary>Sends what fits now.</summary>
    /// <returns>How many bytes were taken, the rest after <see cref="ITransportListener.OnWritable"/>; or <see cref="Gone"/>.</returns>
    public abstract int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Reads on after the listener asked for a pause.</summary>
    public abstract void Resume();

    /// <summary>Ends the connection. The listener is told nothing more.</summary>
    public abstract void Close();
}
