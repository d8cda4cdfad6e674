using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Recorder;

/// <summary>What to record.</summary>
internal sealed record RecorderOptions
{
    public const string Usage =
        "usage: ReplyX.Recorder [--duration hh:mm:ss] [--redis redis|garnet] [--seed N] [--dialogs N] [--sockets N] [--rate N]";

    /// <summary>How long chaos lasts at least; every fault is done once, however long that takes.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    public RedisKind Redis { get; init; } = RedisKind.Redis;

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

        return options.Sockets < options.Dialogs ? (null, "--sockets: at least one for each dialog") : (options, null);
    }

    private RecorderOptions? With(string name, string value)
    {
        var number = int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
        return name switch
        {
            "--duration" when TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero => this with { Duration = duration },
            "--redis" when Enum.TryParse<RedisKind>(value, ignoreCase: true, out var redis) => this with { Redis = redis },
            "--seed" when number is { } seed => this with { Seed = seed },
            "--dialogs" when number is > 0 and { } dialogs => this with { Dialogs = dialogs },
            "--sockets" when number is > 0 and { } sockets => this with { Sockets = sockets },
            "--rate" when number is > 0 and { } rate => this with { Rate = rate },
            _ => null,
        };
    }
}
