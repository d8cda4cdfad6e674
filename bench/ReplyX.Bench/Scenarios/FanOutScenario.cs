using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>A closed loop: so many messages are always under way, and the next is sent when one has reached every socket of its room.</summary>
internal sealed class FanOutScenario(string name, string title, int rooms, int socketsPerRoom, int inFlight) : Scenario(name)
{
    // .NET compiles what is hot in the background: `fan-out --scenarios rooms --peers replyx` gave the Api 106 µs a delivery after 2.8 s, 43 after 10.
    private const double WarmUpSeconds = 10;
    private const double MeasuredSeconds = 6;

    public override string Title => title;

    public override async Task<Measurement> MeasureAsync(Run run, CancellationToken cancel)
    {
        var all = await run.Running.MakeRoomsAsync(run.Count(rooms, Math.Min(rooms, 2)), cancel);
        using var loop = new LoadLoop();
        var load = new RoomLoad(loop, run.Running.Protocol);
        load.Connect(Seats(all, run.Count(socketsPerRoom, Math.Min(socketsPerRoom, 4))), ConnectsAtOnce, report: ready => run.Progress.Report($"{ready} sockets"));

        var next = 0;
        var isSending = true;
        load.OnCompleted = SendNext;
        run.Progress.Report("warming up");
        for (var i = 0; i < inFlight; i++)
        {
            SendNext();
        }

        loop.RunFor(run.Time(WarmUpSeconds), load.Tick);

        run.Progress.Report("measuring");
        load.StartMeasuring();
        var before = Usage.Take(run.Running);
        loop.RunFor(run.Time(MeasuredSeconds), load.Tick);
        var after = Usage.Take(run.Running);
        var deliveries = load.Deliveries;
        var (p50, p99) = (load.Latencies.Quantile(0.5), load.Latencies.Quantile(0.99));

        isSending = false;
        AwaitLastDeliveries(loop, all);
        return Made(run, before, after, deliveries, load) with { P50 = p50, P99 = p99 };

        void SendNext()
        {
            if (isSending)
            {
                load.Send(all[next++ % all.Count]);
            }
        }
    }
}
