using ReplyX.Bench.Load;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>What a socket on which nothing happens takes of memory: the slope between two counts, two sockets to a room.</summary>
internal sealed class IdleScenario(string name) : Scenario(name)
{
    private const int First = 5_000;
    private const int Second = 15_000;
    private const int SocketsPerRoom = 2;
    private const double SettleSeconds = 10;

    public override string Title => "idle, 5,000 to 15,000 sockets";

    public override string Operation => "socket";

    public override bool Takes(Peer peer) => !peer.IsVariant;

    public override async Task<Measurement> MeasureAsync(Run run, CancellationToken cancel)
    {
        var (first, second) = (run.Count(First), run.Count(Second));

        // All rooms are made before anything is read, so that what a peer keeps of them is not taken for the sockets'.
        run.Progress.Report("making rooms");
        var rooms = await run.Running.MakeRoomsAsync(second / SocketsPerRoom, cancel);
        var seats = Seats(rooms, SocketsPerRoom);
        using var loop = new LoadLoop();
        var load = new RoomLoad(loop, run.Running.Protocol);
        load.Connect(seats[..first], ConnectsAtOnce, report: ready => run.Progress.Report($"{ready} sockets"));
        loop.RunFor(run.Time(SettleSeconds), load.Tick);
        var resident = run.Running.Processes.ToDictionary(process => process.Name, process => process.ResidentKiB);

        load.Connect(seats[first..], ConnectsAtOnce, report: ready => run.Progress.Report($"{first + ready} sockets"));
        var before = Usage.Take(run.Running);
        loop.RunFor(run.Time(SettleSeconds), load.Tick);
        var after = Usage.Take(run.Running);
        return Made(run, before, after, second, load) with
        {
            ResidentKiB = run.Running.Processes.ToDictionary(
                process => process.Name, process => (process.ResidentKiB - resident[process.Name]) / (second - first)),
        };
    }
}
