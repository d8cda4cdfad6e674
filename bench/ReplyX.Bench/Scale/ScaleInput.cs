using System.Text.Json.Serialization;

namespace ReplyX.Bench.Scale;

/// <summary>What the simulation goes by; <c>scale.json</c>.</summary>
internal sealed record ScaleInput
{
    public required MeasuredOn MeasuredOn { get; init; }

    public required MeasuredCosts Measured { get; init; }

    public required Assumptions Assumed { get; init; }
}

/// <summary>The machine that the costs were measured on.</summary>
internal sealed record MeasuredOn(string Processor, int Cores, string System, string Runtime, DateTimeOffset At, double LoadAtStart, int Rounds);

/// <summary>A figure that was measured.</summary>
/// <param name="Value">The figure: the median, where there are several rounds.</param>
/// <param name="Unit">Of what.</param>
/// <param name="What">What it is the cost of.</param>
/// <param name="Command">What measures it.</param>
/// <param name="Least">The least of the rounds.</param>
/// <param name="Most">The greatest of the rounds.</param>
internal sealed record Cost(double Value, string Unit, string What, string Command, double? Least = null, double? Most = null);

/// <summary>What single steps cost. CPU times are of all threads of a process, the system's among them.</summary>
internal sealed record MeasuredCosts
{
    public required Cost RealtimeDelivery { get; init; }

    public required Cost RealtimeConnect { get; init; }

    public required Cost RealtimeReturn { get; init; }

    public required Cost RealtimeIdle { get; init; }

    public required Cost RealtimeKiB { get; init; }

    public required Cost ApiMessage { get; init; }

    public required Cost RedisMessage { get; init; }

    public required Cost RedisSubscriber { get; init; }

    public required Cost RedisPosition { get; init; }

    public required Cost RedisConnect { get; init; }

    public required Cost RedisReturn { get; init; }

    [JsonIgnore]
    public IEnumerable<Cost> All =>
    [
        RealtimeDelivery, RealtimeConnect, RealtimeReturn, RealtimeIdle, RealtimeKiB, ApiMessage, RedisMessage, RedisSubscriber,
        RedisPosition, RedisConnect, RedisReturn,
    ];
}

/// <summary>What was not measured: how people behave, what machines there are, and how patient everybody is.</summary>
internal sealed record Assumptions
{
    public int Seed { get; init; } = 20_260_912;

    /// <summary>The numbers of sockets that are looked at.</summary>
    public IReadOnlyList<long> Sockets { get; init; } = [10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>The sockets that a node takes: the default, and a raised one.</summary>
    public IReadOnlyList<int> SocketsPerNode { get; init; } = [15_000, 100_000];

    /// <summary>Limits:OperatorReserve: the share of a node's sockets that visitors, nearly all of them, leave to operators.</summary>
    public double OperatorReserve { get; init; } = 0.1;

    /// <summary>The share of its CPU that a process may use in the long run.</summary>
    public double Utilisation { get; init; } = 0.5;

    public int RealtimeCores { get; init; } = 4;

    public int ApiCores { get; init; } = 4;

    public double SocketsPerDialog { get; init; } = 1.2;

    public double MessagesPerDialogAndMinute { get; init; } = 1;

    /// <summary>How long a socket is open.</summary>
    public double SocketMinutes { get; init; } = 10;

    /// <summary>Requests to the Api at each connect (start, history, token), each taken to cost what a message does.</summary>
    public double RequestsPerConnect { get; init; } = 2;

    public double DialogsPerAccount { get; init; } = 200;

    /// <summary>Operators' sockets on an account's list.</summary>
    public double ListsPerAccount { get; init; } = 5;

    /// <summary>How long a proxy goes on sending clients to a node that is gone.</summary>
    public double ProxyNoticesSeconds { get; init; } = 2;

    /// <summary>The share of the nodes needed that stands by, and that a deploy replaces at a time; one at least.</summary>
    public double DeployShare { get; init; } = 0.1;

    /// <summary>From a drained node's end until the next one in its place is ready.</summary>
    public double RestartSeconds { get; init; } = 10;

    /// <summary>How long a Redis that is lost is away.</summary>
    public double RedisAwaySeconds { get; init; } = 10;
}
