using ReplyX.Bench.Load;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>A load, and what is measured under it.</summary>
/// <param name="name">What the command line and the results call it.</param>
internal abstract class Scenario(string name)
{
    /// <summary>Half of Kestrel's accept queue: beyond the queue the system drops connects, and they come again a second later.</summary>
    protected const int ConnectsAtOnce = 256;

    private static readonly TimeSpan _lastDeliveries = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _lateDuplicates = TimeSpan.FromMilliseconds(200);

    public string Name => name;

    /// <summary>What a table calls it.</summary>
    public abstract string Title { get; }

    /// <summary>What is counted.</summary>
    public virtual string Operation => "delivery";

    /// <summary>Whether it makes sense on a peer.</summary>
    public virtual bool Takes(Peer peer) => true;

    /// <summary>Measures a peer that was just started.</summary>
    public abstract Task<Measurement> MeasureAsync(Run run, CancellationToken cancel);

    /// <summary>Waits for what was sent, and a little longer for what comes twice.</summary>
    protected static void AwaitLastDeliveries(LoadLoop loop, IReadOnlyList<Room> rooms)
    {
        loop.RunUntil(() => rooms.All(room => room.InFlight == 0), _lastDeliveries);
        loop.RunFor(_lateDuplicates);
    }

    /// <summary>Each room so many times, room after room.</summary>
    protected static List<Room> Seats(IReadOnlyList<Room> rooms, int perRoom)
        => [.. rooms.SelectMany(room => Enumerable.Repeat(room, perRoom))];

    /// <summary>Puts a measurement together.</summary>
    protected Measurement Made(Run run, Usage before, Usage after, long operations, RoomLoad load) => new()
    {
        Scenario = Name,
        Peer = run.Peer.Name,
        Round = run.Round,
        Seconds = after.SecondsSince(before),
        Operations = operations,
        CpuMicroseconds = after.MicrosecondsSince(before, operations),
        ClientCores = after.ClientCoresSince(before),
        Missing = load.Missing,
        Duplicates = load.Duplicates,
    };
}
