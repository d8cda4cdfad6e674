using ReplyX.Bench.Load;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scenarios;

/// <summary>Everybody comes back at once with a cursor, after a deploy say, and gets what was missed.</summary>
internal sealed class HerdScenario(string name) : Scenario(name)
{
    private const int Clients = 10_000;
    private const int SocketsPerRoom = 2;
    private const int MissedMessages = 5;
    private const int SendersAtOnce = 64;
    private const int AtOnce = 500;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(3);

    public override string Title => "herd of 10,000 with cursors, 5 missed messages each";

    public override string Operation => "client";

    public override bool Takes(Peer peer) => peer.IsReplyX && !peer.IsVariant;

    public override async Task<Measurement> MeasureAsync(Run run, CancellationToken cancel)
    {
        var clients = run.Count(Clients);
        run.Progress.Report("making rooms");
        var rooms = await run.Running.MakeRoomsAsync(clients / SocketsPerRoom, cancel);
        using var loop = new LoadLoop();
        var load = new RoomLoad(loop, run.Running.Protocol);
        SendMissed(loop, load, rooms, run.Progress);

        run.Progress.Report("warming up");
        load.Connect([.. rooms.Take(clients / 10)], AtOnce, ConnectMode.Returning);
        load.CloseAll();
        loop.RunFor(_pause);
        load.StartMeasuring();

        run.Progress.Report("measuring");
        var served = new LatencyHistogram();
        load.OnDelivery = socket =>
        {
            if (socket.Delivered == MissedMessages)
            {
                served.Record(socket.Age);
            }
        };
        var before = Usage.Take(run.Running);
        load.Connect(Seats(rooms, SocketsPerRoom), AtOnce, ConnectMode.Returning, ready => run.Progress.Report($"{ready} sockets"));
        loop.RunUntil(() => served.Count == clients, _limit, load.Tick);
        var after = Usage.Take(run.Running);
        loop.RunFor(_pause);
        return Made(run, before, after, clients, load) with { P50 = served.Quantile(0.5), P99 = served.Quantile(0.99) };
    }

    /// <summary>Sends every room its messages, one after the other, in so many rooms at once.</summary>
    private static void SendMissed(LoadLoop loop, RoomLoad load, IReadOnlyList<Room> rooms, IProgress<string> progress)
    {
        var (begun, done) = (0, 0);
        load.OnAnswered = room =>
        {
            if (room.Sent < MissedMessages)
            {
                load.Send(room);
                return;
            }

            if (room.IdleSenders.TryPop(out var sender))
            {
                sender.Close();
            }

            if (++done % 1_000 == 0)
            {
                progress.Report($"{done} rooms have what will be missed");
            }

            BeginNext();
        };
        for (var i = 0; i < SendersAtOnce; i++)
        {
            BeginNext();
        }

        if (!loop.RunUntil(() => done == rooms.Count, _limit))
        {
            throw new BenchException($"{done} of {rooms.Count} rooms had their messages in {_limit.TotalMinutes} minutes");
        }

        void BeginNext()
        {
            if (begun < rooms.Count)
            {
                load.Send(rooms[begun++]);
            }
        }
    }
}
