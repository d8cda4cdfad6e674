namespace ReplyX.Bench.Scale;

/// <summary>
/// Clients that lost their sockets and come back, each with its own waits, to nodes that serve so many at once, and through a Redis that
/// serves one: a simulation of events, decided by its seed.
/// </summary>
internal sealed class ReturningClients
{
    private readonly Random _random;
    private readonly PriorityQueue<(int Client, bool IsAtRedis), (double At, int Order)> _events = new();
    private readonly double[] _lostAt;
    private readonly double[] _waited;
    private readonly double[] _triedAt;
    private readonly double[] _back;
    private readonly ServerQueue[] _nodes;
    private readonly ServerQueue[] _shards;
    private int _order;

    /// <summary>Makes clients that are about to lose their sockets.</summary>
    /// <param name="seed">Decides everything that is drawn.</param>
    /// <param name="clients">How many.</param>
    /// <param name="nodes">How many nodes take them.</param>
    /// <param name="cores">Of one node.</param>
    /// <param name="shards">How many Redis servers, with equal shares of the clients.</param>
    public ReturningClients(int seed, int clients, int nodes, int cores, int shards)
    {
        _random = new Random(seed);
        _lostAt = new double[clients];
        _waited = new double[clients];
        _triedAt = new double[clients];
        _back = new double[clients];
        Array.Fill(_waited, ProtocolTimes.ShortestWait);
        _nodes = [.. Enumerable.Range(0, nodes).Select(_ => new ServerQueue(cores))];
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new ServerQueue(1))];
    }

    /// <summary>Seconds of work for one client's return, on a core of a node and on Redis. What else they do slows them by its share.</summary>
    public required (double Node, double Redis) Service { get; init; }

    /// <summary>Until then this share of the attempts goes to nodes that are gone, and is refused at once.</summary>
    public (double Until, double Share) Astray { get; init; }

    /// <summary>Attempts that were refused, or given up.</summary>
    public int Failed { get; private set; }

    /// <summary>Loses a client's socket.</summary>
    /// <param name="client">Which.</param>
    /// <param name="at">When.</param>
    /// <param name="noticed">How long after that it knows.</param>
    /// <param name="hint">How long it was told to wait; null for a wait of its own.</param>
    public void Lose(int client, double at, double noticed = 0, double? hint = null)
    {
        _lostAt[client] = at;
        Schedule(client, at + noticed + (hint ?? NextWait(client)));
    }

    /// <summary>A number between zero and a limit.</summary>
    public double Draw(double below) => _random.NextDouble() * below;

    /// <summary>Runs until everybody is back.</summary>
    /// <returns>For each, for how long it was without a socket, shortest first.</returns>
    public double[] Run()
    {
        while (_events.TryDequeue(out var next, out var due))
        {
            if (next.IsAtRedis)
            {
                ReachRedis(next.Client, due.At);
            }
            else
            {
                Try(next.Client, due.At);
            }
        }

        var away = _back.Zip(_lostAt, (back, lost) => back - lost).ToArray();
        Array.Sort(away);
        return away;
    }

    private void Try(int client, double now)
    {
        _triedAt[client] = now;
        if (now < Astray.Until && _random.NextDouble() < Astray.Share)
        {
            Failed++;
            Schedule(client, now + NextWait(client));
            return;
        }

        if (_nodes[_random.Next(_nodes.Length)].Enter(now, Service.Node, ProtocolTimes.ConnectPatience) is { } end)
        {
            _events.Enqueue((client, true), (end, _order++));
        }
        else
        {
            GiveUp(client);
        }
    }

    private void ReachRedis(int client, double now)
    {
        if (_shards[client % _shards.Length].Enter(now, Service.Redis, _triedAt[client] + ProtocolTimes.ConnectPatience - now) is { } end)
        {
            _back[client] = end;
        }
        else
        {
            GiveUp(client);
        }
    }

    private void GiveUp(int client)
    {
        Failed++;
        Schedule(client, _triedAt[client] + ProtocolTimes.ConnectPatience + NextWait(client));
    }

    private void Schedule(int client, double at) => _events.Enqueue((client, false), (at, _order++));

    // Decorrelated jitter, as ReconnectBackoff has it.
    private double NextWait(int client)
    {
        var top = Math.Min(_waited[client] * ProtocolTimes.WaitGrowth, ProtocolTimes.LongestWait);
        return _waited[client] = ProtocolTimes.ShortestWait + (_random.NextDouble() * (top - ProtocolTimes.ShortestWait));
    }
}
