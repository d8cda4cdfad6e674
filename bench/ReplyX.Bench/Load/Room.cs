namespace ReplyX.Bench.Load;

/// <summary>A dialog, group, channel or subject of a peer, and what was sent to it.</summary>
/// <param name="id">What the peer calls it.</param>
internal sealed class Room(string id)
{
    /// <summary>More messages of one room are never under way at once.</summary>
    public const int MaxInFlight = 64;

    private readonly int[] _outstanding = new int[MaxInFlight];

    public string Id => id;

    public byte[] Utf8Id { get; } = System.Text.Encoding.UTF8.GetBytes(id);

    /// <summary>What opens it, where the peer asks for that.</summary>
    public string? Token { get; init; }

    /// <summary>Where a client that was away goes on, where the peer has that.</summary>
    public string? Cursor { get; init; }

    public List<WebSocketConnection> Sockets { get; } = [];

    /// <summary>Keep-alive connections that wait for their next request, where the peer is sent to over HTTP.</summary>
    public Stack<HttpConnection> IdleSenders { get; } = new();

    /// <summary>The number of the next message.</summary>
    public long Sent { get; private set; }

    /// <summary>How many messages have not reached every socket.</summary>
    public int InFlight { get; private set; }

    /// <summary>Takes the next number.</summary>
    /// <exception cref="BenchException">Too many are under way: the server does not keep up with the rate.</exception>
    public long BeginMessage()
    {
        if (Sockets.Count > 0)
        {
            ref var outstanding = ref _outstanding[Sent % MaxInFlight];
            if (outstanding > 0)
            {
                throw new BenchException($"room {id}: message {Sent - MaxInFlight} has not reached {outstanding} of its sockets, {MaxInFlight} messages later");
            }

            outstanding = Sockets.Count;
            InFlight++;
        }

        return Sent++;
    }

    /// <summary>Counts a delivery.</summary>
    /// <returns>Whether the message has now reached every socket.</returns>
    public bool OnDelivered(long number)
    {
        if (--_outstanding[number % MaxInFlight] != 0)
        {
            return false;
        }

        InFlight--;
        return true;
    }
}
