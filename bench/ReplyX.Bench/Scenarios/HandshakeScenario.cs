using System.Diagnostics;
using ReplyX.Bench.Load;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>What it costs to open a socket, each in a room of its own.</summary>
/// <param name="name">What the command line and the results call it.</param>
/// <param name="mode">How far each goes.</param>
internal sealed class HandshakeScenario(string name, ConnectMode mode) : Scenario(name)
{
    private const int WarmUpConnects = 1_000;
    private const double WarmUpSeconds = 10;
    private const int MeasuredConnects = 4_000;
    private const int AtOnce = 32;

    private static readonly TimeSpan _pauseOfWarmUp = TimeSpan.FromMilliseconds(200);

    // What was opened before is closed and forgotten by then.
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(3);

    public override string Title => mode == ConnectMode.Bare ? "handshake, no token or subscription" : "handshake";

    public override string Operation => "connect";

    public override bool Takes(Peer peer) => !peer.IsVariant && (mode != ConnectMode.Bare || peer.HasBareHandshake);

    public override async Task<Measurement> MeasureAsync(Run run, CancellationToken cancel)
    {
        var count = run.Count(MeasuredConnects);
        var rooms = await run.Running.MakeRoomsAsync(count, cancel);
        using var loop = new LoadLoop();
        var load = new RoomLoad(loop, run.Running.Protocol);
        run.Progress.Report("warming up");
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < run.Time(WarmUpSeconds))
        {
            load.Connect([.. rooms.Take(run.Count(WarmUpConnects))], AtOnce, mode);
            load.CloseAll();
            loop.RunFor(_pauseOfWarmUp);
        }

        loop.RunFor(_pause);

        run.Progress.Report("measuring");
        load.Connects.Clear();
        var before = Usage.Take(run.Running);
        load.Connect(rooms, AtOnce, mode);
        var after = Usage.Take(run.Running);
        return Made(run, before, after, count, load) with { P50 = load.Connects.Quantile(0.5), P99 = load.Connects.Quantile(0.99) };
    }
}
