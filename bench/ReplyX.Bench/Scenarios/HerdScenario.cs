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
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public override string Title => "herd of 10,000 with cursors, 5 missed messages each";

    public override string Operation => "client";

    public override bool Takes(Peer peer) => peer.IsReplyX && !peer.IsSendingVariant;

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

    private static void SendMissed(LoadLoop loop, RoomLoad load, IReadOnlyList<Room> rooms, IProgress<string> progress)
    {
        var all = rooms.Count * MissedMessages;
        var sent = 0;
        var isDone = loop.RunUntil(
            () =>
            {
                while (sent < all && sent - load.Answered < SendersAtOnce)
                {
                    load.Send(rooms[sent++ / MissedMessages]);
                    if (sent % 2_000 == 0)
                    {
                        progress.Report($"{sent} messages that will be missed");
                    }
                }

                return load.Answered == all;
            },
            _limit);
        if (!isDone)
        {
            throw new BenchException($"{load.Answered} of {all} messages were stored in {_limit.TotalMinutes} minutes");
        }

        foreach (var idle in rooms.SelectMany(room => room.IdleSenders))
        {
            idle.Close();
        }
    }
}
