namespace ReplyX.Bench.Scale;

/// <summary>What happens to a fleet when something is lost or replaced.</summary>
internal sealed class Incidents(ScaleInput input, Fleet fleet)
{
    private const double Micro = 1e-6;

    // Enough to tell how often a socket moves to a tenth.
    private const int MovesSample = 20_000;

    private readonly Assumptions _assumed = input.Assumed;

    // What a process does besides slows what is asked of it.
    private (double Node, double Redis) Return => (
        Micro * input.Measured.RealtimeReturn.Value / (1 - fleet.RealtimeLoad),
        Micro * input.Measured.RedisReturn.Value / (1 - fleet.RedisLoad));

    /// <summary>Nodes that a deploy replaces at a time: as many as the others can stand in for.</summary>
    public int DeployedAtOnce => fleet.Spare;

    /// <summary>A node's process is killed: its clients know at once.</summary>
    public (double[] Away, int Failed) LoseProcess() => LoseNode(_ => 0);

    /// <summary>A node's machine vanishes: nobody tells its clients, who go by silence since the last answer to a heartbeat.</summary>
    public (double[] Away, int Failed) LoseMachine() => LoseNode(clients => ProtocolTimes.Silence - clients.Draw(ProtocolTimes.Heartbeat));

    /// <summary>One step of a deploy: some nodes are drained together.</summary>
    public (double[] Away, int Failed) Drain()
    {
        var count = fleet.SocketsOnNode * DeployedAtOnce;
        var clients = Clients(count, fleet.Nodes - DeployedAtOnce, (_assumed.ProxyNoticesSeconds, (double)DeployedAtOnce / fleet.Nodes));
        for (var i = 0; i < count; i++)
        {
            var batch = i % ProtocolTimes.DrainBatches;
            clients.Lose(i, batch * ProtocolTimes.DrainWindow / ProtocolTimes.DrainBatches, hint: clients.Draw(ProtocolTimes.DrainHint));
        }

        return (clients.Run(), clients.Failed);
    }

    /// <summary>A whole deploy: steps, seconds, and how often a socket moves on average, since it may come to a node that is replaced later.</summary>
    public (int Steps, double Seconds, double Moves) Deploy()
    {
        var random = new Random(_assumed.Seed);
        var steps = (fleet.Nodes + DeployedAtOnce - 1) / DeployedAtOnce;
        var at = Enumerable.Range(0, MovesSample).Select(_ => random.Next(fleet.Nodes)).ToArray();
        long moves = 0;
        for (var step = 0; step < steps; step++)
        {
            var (first, end) = (step * DeployedAtOnce, Math.Min(fleet.Nodes, (step + 1) * DeployedAtOnce));
            for (var i = 0; i < at.Length; i++)
            {
                if (at[i] >= first && at[i] < end)
                {
                    var other = random.Next(fleet.Nodes - (end - first));
                    at[i] = other < first ? other : other + (end - first);
                    moves++;
                }
            }
        }

        return (steps, steps * (ProtocolTimes.DrainWindow + ProtocolTimes.Close + _assumed.RestartSeconds), (double)moves / MovesSample);
    }

    /// <summary>
    /// A Redis is away and comes back with what it had. Sockets stay open. Every dialog of it is subscribed and read on, and what was to be
    /// sent meanwhile comes at once.
    /// </summary>
    /// <returns>For each of its dialogs, how long after the return of Redis it is read on, shortest first; and the sends that waited.</returns>
    public (double[] ReadOn, double Sends) LoseShard()
    {
        var random = new Random(_assumed.Seed);
        var sends = fleet.Messages / fleet.Shards * _assumed.RedisAwaySeconds;
        var channels = (int)(fleet.Channels / fleet.Shards);
        var arrivals = Enumerable.Range(0, channels).Select(_ => (At: random.NextDouble() * ProtocolTimes.FeedPause, IsDialog: true))
            .Concat(Enumerable.Range(0, (int)sends).Select(_ => (At: random.NextDouble() * ProtocolTimes.ShortestWait * ProtocolTimes.WaitGrowth, IsDialog: false)))
            .OrderBy(arrival => arrival.At);
        var redis = new ServerQueue(1);
        var readOn = new List<double>(channels);
        foreach (var (at, isDialog) in arrivals)
        {
            var end = redis.Enter(at, isDialog ? Return.Redis : Micro * input.Measured.RedisMessage.Value / (1 - fleet.RedisLoad));
            if (isDialog)
            {
                readOn.Add(end!.Value);
            }
        }

        return ([.. readOn], sends);
    }

    private (double[] Away, int Failed) LoseNode(Func<ReturningClients, double> noticed)
    {
        var clients = Clients(fleet.SocketsOnNode, fleet.Nodes - 1, (_assumed.ProxyNoticesSeconds, 1.0 / fleet.Nodes));
        for (var i = 0; i < fleet.SocketsOnNode; i++)
        {
            clients.Lose(i, at: 0, noticed(clients));
        }

        return (clients.Run(), clients.Failed);
    }

    private ReturningClients Clients(int count, int nodes, (double Until, double Share) astray)
        => new(_assumed.Seed, count, Math.Max(1, nodes), _assumed.RealtimeCores, fleet.Shards) { Service = Return, Astray = astray };
}
