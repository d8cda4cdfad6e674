using System.Globalization;
using System.Net;

namespace ReplyX.EmbeddedRedis;

/// <summary>What the command line may say: where to listen, and where to keep the data.</summary>
internal sealed record EmbeddedRedisOptions(int Port, string DataDirectory, IPAddress Bind, int AofLimitMegabytes)
{
    public const string Usage = "usage: ReplyX.EmbeddedRedis --port N --data DIR [--bind 127.0.0.1] [--aof-limit-mb 256]";

    // Garnet checks the size of its append-only file every 5 s and then checkpoints: small enough that a replay at start
    // stays within a second or two, large enough that a development run hardly ever pays for a checkpoint.
    private const int DefaultAofLimitMegabytes = 256;

    /// <summary>Reads the arguments. Exactly one of the two results is set; the error is one line for the console.</summary>
    public static (EmbeddedRedisOptions? Options, string? Error) Parse(string[] args)
    {
        int? port = null;
        string? data = null;
        var bind = IPAddress.Loopback;
        var aofLimit = DefaultAofLimitMegabytes;

        for (var i = 0; i < args.Length; i += 2)
        {
            var name = args[i];
            if (i + 1 == args.Length)
            {
                return (null, $"{name}: a value is missing; {Usage}");
            }

            var value = args[i + 1];
            switch (name)
            {
                case "--port" when TryNumber(value, 1, IPEndPoint.MaxPort, out var number):
                    port = number;
                    break;
                case "--data" when !string.IsNullOrWhiteSpace(value):
                    data = Path.GetFullPath(value);
                    break;
                case "--bind" when IPAddress.TryParse(value, out var address):
                    bind = address;
                    break;
                case "--aof-limit-mb" when TryNumber(value, 1, 1 << 20, out var number):
                    aofLimit = number;
                    break;
                case "--port" or "--data" or "--bind" or "--aof-limit-mb":
                    return (null, $"{name}: '{value}' is not a valid value; {Usage}");
                default:
                    return (null, $"{name}: no such option; {Usage}");
            }
        }

        return (port, data) switch
        {
            (null, _) => (null, $"--port is missing; {Usage}"),
            (_, null) => (null, $"--data is missing; {Usage}"),
            _ => (new EmbeddedRedisOptions(port.Value, data, bind, aofLimit), null),
        };
    }

    private static bool TryNumber(string value, int min, int max, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;
}
