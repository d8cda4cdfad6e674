using System.Diagnostics;
using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>An open loop far below what the server can do: messages come at random moments, whether or not earlier ones are done.</summary>
internal sealed class LowRateScenario(string name) : Scenario(name)
{
    private const int Rooms = 500;
    private const int SocketsPerRoom = 2;
    private const double MessagesPerSecond = 1_000;
    // .NET compiles what is hot in the background: `fan-out --scenarios rooms --peers replyx` gave the Api 106 µs a delivery after 2.8 s, 43 after 10.
    private const double WarmUpSeconds = 10;
    private const double MeasuredSeconds = 10;
    private const int Seed = 1;

    public override string Title => "2,000 deliveries/s, rooms of 2";

    public override async Task<Measurement> MeasureAsync(Run run, CancellationToken cancel)
    {
        var rooms = await run.Running.MakeRoomsAsync(run.Count(Rooms), cancel);
        using var loop = new LoadLoop();
        var load = new RoomLoad(loop, run.Running.Protocol);
        load.Connect(Seats(rooms, SocketsPerRoom), ConnectsAtOnce, report: ready => run.Progress.Report($"{ready} sockets"));

        run.Progress.Report("warming up");
        var arrivals = new Random(Seed);
        SendAtRandom(loop, load, rooms, arrivals, run.Time(WarmUpSeconds));

        run.Progress.Report("measuring");
        load.StartMeasuring();
        var before = Usage.Take(run.Running);
        SendAtRandom(loop, load, rooms, arrivals, run.Time(MeasuredSeconds));
        var after = Usage.Take(run.Running);
        var deliveries = load.Deliveries;
        AwaitLastDeliveries(loop, rooms);
        return Made(run, before, after, deliveries, load) with
        {
            P50 = load.Latencies.Quantile(0.5),
            P99 = load.Latencies.Quantile(0.99),
        };
    }

    /// <summary>Arrivals of a Poisson process, each in a random room.</summary>
    private static void SendAtRandom(LoadLoop loop, RoomLoad load, IReadOnlyList<Room> rooms, Random random, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var due = TimeSpan.Zero;
        while (due < time)
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                loop.Turn(wait);
                load.Tick();
                loop.ThrowIfFailed();
                continue;
            }

            load.Send(rooms[random.Next(rooms.Count)]);
            due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / MessagesPerSecond);
        }
    }
}
