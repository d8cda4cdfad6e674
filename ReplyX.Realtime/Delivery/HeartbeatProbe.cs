using System.Buffers.Binary;
using ReplyX.Realtime.Connections;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Measures how far away clients are: one socket of a loop at a time is sent a ping (RFC 6455 section 5.5.2), which browsers answer by
/// themselves. The text heartbeat begins at the client, so it tells the node nothing of the way there and back.
/// </summary>
/// <remarks>It belongs to a loop, on whose thread all of it runs. Its cost does not grow with the number of sockets.</remarks>
internal sealed class HeartbeatProbe(DeliveryServices services)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly byte[] _payload = new byte[sizeof(ulong)];
    private SocketConnection? _asked;
    private ulong _number = (ulong)Random.Shared.NextInt64();
    private long _askedAt = services.Time.GetTimestamp();
    private uint _next;

    /// <summary>Which of a loop's sockets is to be asked now: one after the other, as they stand; -1 if none is.</summary>
    /// <param name="sockets">How many there are.</param>
    /// <param name="now">The time.</param>
    public int Choose(int sockets, long now) =>
        sockets > 0 && services.Time.GetElapsedTime(_askedAt, now) >= _interval ? (int)(_next++ % (uint)sockets) : -1;

    /// <summary>Asks a socket, in place of the one before, which may not have answered.</summary>
    public void Ask(SocketConnection socket)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_payload, ++_number);
        _askedAt = services.Time.GetTimestamp();
        _asked = socket.TryPing(_payload) ? socket : null;
    }

    /// <summary>A pong has come.</summary>
    public void OnPong(SocketConnection socket, ReadOnlySpan<byte> payload)
    {
        if (socket == _asked && payload.SequenceEqual(_payload))
        {
            _asked = null;
            services.Metrics.RoundTrip(services.Time.GetElapsedTime(_askedAt));
        }
    }

    /// <summary>A socket has ended.</summary>
    public void Forget(SocketConnection socket)
    {
        if (socket == _asked)
        {
            _asked = null;
        }
    }
}
