using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Telemetry;

/// <summary>A load on one configuration's servers. It stands still but for its slices, while others have theirs.</summary>
internal sealed class LoadedSide
{
    private const int ConnectsAtOnce = 256;

    // What was put off when the last slice ended (batches, a collection, cold caches) is to be as it is amid a load.
    private const double LeadInSeconds = 2;

    private const double SliceSeconds = 5;

    // Prometheus' interval.
    private const double ScrapeSeconds = 5;

    private static readonly TimeSpan _lastDeliveries = TimeSpan.FromSeconds(15);

    private readonly TelemetryLoad _load;
    private readonly LoadLoop _loop;
    private readonly RoomLoad _rooms;
    private readonly Run _run;
    private readonly IReadOnlyList<Room> _all;
    private int _next;
    private bool _isSending;

    private LoadedSide(TelemetrySide side, TelemetryLoad load, LoadLoop loop, Run run, IReadOnlyList<Room> all)
    {
        (Side, _load, _loop, _run, _all) = (side, load, loop, run, all);
        _rooms = new RoomLoad(loop, side.Running.Protocol) { OnCompleted = SendNext };
    }

    public TelemetrySide Side { get; }

    /// <summary>Deliveries that did not come, and that came twice.</summary>
    public (long Missing, long Duplicates) Account => (_rooms.Missing, _rooms.Duplicates);

    /// <summary>Makes the dialogs and opens the sockets.</summary>
    public static async Task<LoadedSide> StartAsync(TelemetrySide side, TelemetryLoad load, LoadLoop loop, Run run, CancellationToken cancel)
    {
        var all = await side.Running.MakeRoomsAsync(run.Count(load.Rooms, Math.Min(load.Rooms, 2)), cancel);
        var loaded = new LoadedSide(side, load, loop, run, all);
        var sockets = run.Count(load.SocketsPerRoom, Math.Min(load.SocketsPerRoom, 4));
        loaded._rooms.Connect([.. all.SelectMany(room => Enumerable.Repeat(room, sockets))], ConnectsAtOnce);
        return loaded;
    }

    /// <summary>Sends the heartbeats that are due.</summary>
    public void Tick() => _rooms.Tick();

    /// <summary>Loads the servers for a while and then waits until all has come.</summary>
    public void WarmUp(double seconds, Action eachTurn)
    {
        Begin();
        _loop.RunFor(_run.Time(seconds), eachTurn);
        End(eachTurn);
    }

    /// <summary>Loads the servers for a slice.</summary>
    public async Task<TelemetrySlice> MeasureAsync(int block, Action eachTurn, CancellationToken cancel)
    {
        Begin();
        _loop.RunFor(_run.Time(LeadInSeconds), eachTurn);
        _rooms.StartMeasuring();
        var (exported, before) = (Side.Exported, Usage.Take(Side.Running));
        var scrapes = RunWithScrapes(_run.Time(SliceSeconds), eachTurn, cancel);
        var (after, deliveries, messages) = (Usage.Take(Side.Running), _rooms.Deliveries, _rooms.Completed);
        var taken = Side.Exported - exported;
        End(eachTurn);
        await scrapes;
        var operations = _load.CountsDeliveries ? deliveries : messages;
        return new TelemetrySlice
        {
            Load = _load.Name,
            Configuration = Side.Configuration.Name,
            Round = _run.Round,
            Block = block,
            Seconds = after.SecondsSince(before),
            Operations = operations,
            CpuMicroseconds = after.MicrosecondsSince(before, operations),
            ClientCores = after.ClientCoresSince(before),
            Exported = Side.Configuration.Exports ? taken : null,
            Messages = messages,
        };
    }

    /// <summary>Serves for a while. Scrapes stand in the middle of their intervals, so that none is cut off at the end.</summary>
    private Task RunWithScrapes(TimeSpan time, Action eachTurn, CancellationToken cancel)
    {
        var intervals = Math.Max(1, (int)(time.TotalSeconds / ScrapeSeconds));
        var scrapes = new List<Task>();
        for (var i = 0; i < intervals; i++)
        {
            _loop.RunFor(time / intervals / 2, eachTurn);
            scrapes.Add(Side.ScrapeAsync(cancel));
            _loop.RunFor(time / intervals / 2, eachTurn);
        }

        return Task.WhenAll(scrapes);
    }

    private void Begin()
    {
        _isSending = true;
        for (var i = 0; i < _load.InFlight; i++)
        {
            SendNext();
        }
    }

    private void End(Action eachTurn)
    {
        _isSending = false;
        if (!_loop.RunUntil(() => _all.All(room => room.InFlight == 0), _lastDeliveries, eachTurn))
        {
            throw new BenchException($"{Side.Configuration.Name}: deliveries are missing {_lastDeliveries.TotalSeconds:0} s after the last message");
        }
    }

    private void SendNext()
    {
        if (_isSending)
        {
            _rooms.Send(_all[_next++ % _all.Count]);
        }
    }
}
