namespace ReplyX.Bench.Load;

/// <summary>
/// Which messages of its room a socket has got: all below a number, and some of the 64 from there. Several senders race, so that a
/// room's messages need not come in the order of their numbers.
/// </summary>
internal struct DeliveryWindow
{
    private long _next;
    private ulong _ahead;

    /// <summary>How many of those sent have not come.</summary>
    public readonly long Missing(long sent) => sent - _next - System.Numerics.BitOperations.PopCount(_ahead);

    /// <summary>Takes a delivery.</summary>
    /// <returns>False if it came before.</returns>
    public bool TryTake(long number)
    {
        var distance = number - _next;
        if (distance < 0)
        {
            return false;
        }

        if (distance >= Room.MaxInFlight)
        {
            throw new BenchException($"message {number} came while {_next} is missing");
        }

        if ((_ahead & (1UL << (int)distance)) != 0)
        {
            return false;
        }

        _ahead |= 1UL << (int)distance;
        while ((_ahead & 1) != 0)
        {
            _ahead >>= 1;
            _next++;
        }

        return true;
    }
}
