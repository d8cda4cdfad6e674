namespace ReplyX.Bench.Scale;

/// <summary>What so many sockets need, by sums alone: rates times costs, over what a process may use.</summary>
internal sealed class Fleet
{
    private const double Micro = 1e-6;

    // One interactive and one subscription connection of the client library, for each process.
    private const int LibraryConnections = 2;

    private readonly MeasuredCosts _costs;
    private readonly Assumptions _assumed;

    public Fleet(ScaleInput input, long sockets, int socketsPerNode, bool asOneAccount = false)
    {
        _costs = input.Measured;
        _assumed = input.Assumed;
        Sockets = sockets;
        Dialogs = sockets / (_assumed.SocketsPerDialog + (_assumed.ListsPerAccount / _assumed.DialogsPerAccount));
        Accounts = asOneAccount ? 1 : Dialogs / _assumed.DialogsPerAccount;
        Lists = asOneAccount ? _assumed.ListsPerAccount * Dialogs / _assumed.DialogsPerAccount : _assumed.ListsPerAccount;
        Messages = Dialogs * _assumed.MessagesPerDialogAndMinute / 60;
        Connects = sockets / (_assumed.SocketMinutes * 60);
        Deliveries = Messages * (_assumed.SocketsPerDialog + Lists);
        NodesForSockets = Whole(sockets / (socketsPerNode * (1 - _assumed.OperatorReserve)));
        RealtimeCores = Micro * ((Deliveries * _costs.RealtimeDelivery.Value) + (Connects * _costs.RealtimeConnect.Value) + (sockets * _costs.RealtimeIdle.Value));
        NodesForCpu = Whole(RealtimeCores / (_assumed.RealtimeCores * _assumed.Utilisation));
        ApiCores = Micro * _costs.ApiMessage.Value * (Messages + (Connects * _assumed.RequestsPerConnect));
        ApiNodes = Math.Max(2, Whole(ApiCores / (_assumed.ApiCores * _assumed.Utilisation)));
        RedisParts = Redis();
        RedisCores = RedisParts.Sum(part => part.Cores);
        Shards = Whole(RedisCores / _assumed.Utilisation);
    }

    public long Sockets { get; }

    public double Dialogs { get; }

    public double Accounts { get; }

    /// <summary>Sockets on the list of one account.</summary>
    public double Lists { get; }

    /// <summary>A second, as are the next two.</summary>
    public double Messages { get; }

    public double Deliveries { get; }

    public double Connects { get; }

    public int NodesForSockets { get; }

    public int NodesForCpu { get; }

    /// <summary>Nodes beyond what is needed: for one that is lost, and for as many as a deploy replaces at a time.</summary>
    public int Spare => Math.Max(1, (int)(Math.Max(NodesForSockets, NodesForCpu) * _assumed.DeployShare));

    public int Nodes => Math.Max(NodesForSockets, NodesForCpu) + Spare;

    public int ApiNodes { get; }

    /// <summary>Redis servers, each with its accounts.</summary>
    public int Shards { get; }

    public double RealtimeCores { get; }

    public double ApiCores { get; }

    public double RedisCores { get; }

    /// <summary>What Redis spends its time on, in cores.</summary>
    public IReadOnlyList<(string What, double Cores)> RedisParts { get; }

    public int SocketsOnNode => (int)(Sockets / Nodes);

    /// <summary>Resident memory of one node for its sockets.</summary>
    public double MiBOnNode => SocketsOnNode * _costs.RealtimeKiB.Value / 1024;

    /// <summary>The share of a node's CPU that is used in the long run.</summary>
    public double RealtimeLoad => RealtimeCores / (Nodes * _assumed.RealtimeCores);

    /// <summary>The share of a shard's one core that is used in the long run.</summary>
    public double RedisLoad => RedisCores / Shards;

    /// <summary>Connections to one Redis: a feed for each loop of each node, and the client library's.</summary>
    public int RedisConnections => (Nodes * (_assumed.RealtimeCores + LibraryConnections)) + (ApiNodes * LibraryConnections);

    /// <summary>Dialogs that a node follows, summed over the nodes.</summary>
    public double Channels => Dialogs * Distinct(_assumed.SocketsPerDialog);

    /// <summary>
    /// What the loop of an account's list uses on each node, in cores: a list is one stream, and a stream is one loop's. It is the first
    /// of a node's loops to be full.
    /// </summary>
    public double ListLoopCores => Micro * _costs.RealtimeDelivery.Value * (Messages / Accounts) * Lists / Math.Min(Nodes, Math.Max(1, Lists));

    /// <summary>The greatest number of sockets at which something uses no more of a core than it may, to within a thousandth.</summary>
    public static long Greatest(ScaleInput input, int socketsPerNode, bool asOneAccount, Func<Fleet, double> coresOf)
    {
        var (least, most) = (1_000L, 1_000_000_000L);
        while (most - least > least / 1_000)
        {
            var middle = (least + most) / 2;
            (least, most) = coresOf(new Fleet(input, middle, socketsPerNode, asOneAccount)) <= input.Assumed.Utilisation ? (middle, most) : (least, middle);
        }

        return least;
    }

    private IReadOnlyList<(string What, double Cores)> Redis()
    {
        var subscriber = Micro * _costs.RedisSubscriber.Value;

        // The share of dialogs in which nothing was said for an interval, if people write independently.
        var quiet = Math.Exp(-_assumed.MessagesPerDialogAndMinute * ProtocolTimes.PositionCheck / 60);
        return
        [
            ("appends, each with its sync and its publish to one node", Messages * Micro * _costs.RedisMessage.Value),
            ("publishes to the further nodes of a dialog", Messages * subscriber * (Distinct(_assumed.SocketsPerDialog) - 1)),
            ("publishes to the nodes of the account's list", Messages * subscriber * Distinct(Lists)),
            ("connects", Connects * Micro * _costs.RedisConnect.Value),
            ("requests at a connect", Connects * _assumed.RequestsPerConnect * Micro * _costs.RedisMessage.Value),
            ("quiet dialogs' positions", Channels * quiet / ProtocolTimes.PositionCheck * Micro * _costs.RedisPosition.Value),
        ];
    }

    /// <summary>On how many nodes so many sockets are, spread at random.</summary>
    private double Distinct(double sockets) => Math.Clamp(Nodes * (1 - Math.Pow(1 - (1.0 / Nodes), sockets)), 1, Math.Max(1, sockets));

    private static int Whole(double amount) => Math.Max(1, (int)Math.Ceiling(amount));
}
