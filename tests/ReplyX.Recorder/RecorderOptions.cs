using System.Globalization;
using ReplyX.Recorder.Chaos;
using ReplyX.Testing;

namespace ReplyX.Recorder;

/// <summary>What to record.</summary>
internal sealed record RecorderOptions
{
    public const string Usage =
        "usage: ReplyX.Recorder [--duration hh:mm:ss] [--redis redis|garnet|cluster] [--spread true|false] [--replicas N] [--faults NAME,NAME…] [--seed N] [--dialogs N] [--sockets N] [--rate N]";

    private readonly bool? _spread;

    /// <summary>How long chaos lasts at least; every fault is done once, however long that takes.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    public RedisKind Redis { get; init; } = RedisKind.Redis;

    /// <summary>Whether dialogs are spread (<c>Messaging:SpreadDialogs</c>). On a cluster they are unless it is said otherwise.</summary>
    public bool Spread { get => _spread ?? Redis == RedisKind.Cluster; init => _spread = value; }

    /// <summary>How many replicas have an append before it is acknowledged (<c>Messaging:Replicas</c>).</summary>
    public int Replicas { get; init; }

    /// <summary>The faults of a round. By default all that there are on the kind of Redis.</summary>
    public IReadOnlyList<FaultKind> Faults { get => field ?? FaultSchedule.KindsOn(Redis); init; }

    /// <summary>The share of a cluster's slots that a reshard moves.</summary>
    public double ReshardShare { get; init; } = 0.5;

    /// <summary>Whether an event that was shown may be lost, if that is told: a cluster promotes a replica that may not have it.</summary>
    public bool MayLoseShown => Redis == RedisKind.Cluster;

    /// <summary>
    /// Whether that may be so of an acknowledged one. With one replica for each master an append that a replica has cannot be lost; it is
    /// shown before that is known, and until then nobody was promised it.
    /// </summary>
    public bool MayLose => Redis == RedisKind.Cluster && Replicas == 0;

    /// <summary>Decides the schedule of faults, the texts and who sends what how; not what the scheduler of the machine makes of it.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    public int Dialogs { get; init; } = 50;

    /// <summary>Sockets on dialogs; those on the account's list come on top.</summary>
    public int Sockets { get; init; } = 200;

    /// <summary>Messages a second, over all senders.</summary>
    public double Rate { get; init; } = 60;

    /// <summary>Reads a command line.</summary>
    /// <returns>The options, or what is wrong.</returns>
    public static (RecorderOptions? Options, string? Error) Parse(ReadOnlySpan<string> arguments)
    {
        var options = new RecorderOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                return (null, $"{arguments[i]}: a value is missing");
            }

            if (options.With(arguments[i], arguments[i + 1]) is not { } changed)
            {
                return (null, $"{arguments[i]} {arguments[i + 1]}: no such option, or not a valid value");
            }

            options = changed;
        }

        return options.Sockets < options.Dialogs ? (null, "--sockets: at least one for each dialog")
            : options.Faults.Except(FaultSchedule.KindsOn(options.Redis)).Any() ? (null, "--faults: a fault of a cluster, and Redis is none")
            : (options, null);
    }

    private static FaultKind[]? ParseFaults(string names)
    {
        var faults = new List<FaultKind>();
        foreach (var name in names.Split(','))
        {
            if (!Enum.TryParse<FaultKind>(name, ignoreCase: true, out var fault) || !Enum.IsDefined(fault))
            {
                return null;
            }

            faults.Add(fault);
        }

        return [.. faults];
    }

    private RecorderOptions? With(string name, string value)
    {
        var number = int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
        return name switch
        {
            "--duration" when TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero => this with { Duration = duration },
            "--redis" when Enum.TryParse<RedisKind>(value, ignoreCase: true, out var redis) => this with { Redis = redis },
            "--spread" when bool.TryParse(value, out var spread) => this with { Spread = spread },
            "--replicas" when number is >= 0 and { } replicas => this with { Replicas = replicas },
            "--faults" when ParseFaults(value) is { } faults => this with { Faults = faults },
            "--seed" when number is { } seed => this with { Seed = seed },
            "--dialogs" when number is > 0 and { } dialogs => this with { Dialogs = dialogs },
            "--sockets" when number is > 0 and { } sockets => this with { Sockets = sockets },
            "--rate" when number is > 0 and { } rate => this with { Rate = rate },
            _ => null,
        };
    }
}
