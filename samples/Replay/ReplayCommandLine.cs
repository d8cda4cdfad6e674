using System.Globalization;

namespace ReplyX.Samples.Replay;

/// <summary>Reads the command line.</summary>
internal static class ReplayCommandLine
{
    internal const string Usage =
        "Replay [--api URL] [--conversations DIR] [--speed N|max] [--repeat N] [--parallel N] [--sockets N] [--seed N] [--operator LOGIN]… [--password TEXT]";

    /// <summary>Reads it.</summary>
    /// <returns>The options, or what is wrong.</returns>
    internal static (ReplayOptions? Options, string? Problem) Read(IReadOnlyList<string> arguments)
    {
        var options = new ReplayOptions { Password = "" };
        string? password = null;
        var operators = new List<string>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
            {
                return (null, $"{arguments[i]} needs a value. {Usage}");
            }

            var value = arguments[i + 1];
            ReplayOptions? next = arguments[i] switch
            {
                "--api" => Uri.TryCreate(value, UriKind.Absolute, out var api) && api.Scheme is "http" or "https" ? options with { Api = api } : null,
                "--conversations" => Directory.Exists(value) ? options with { Conversations = value } : null,
                "--speed" => Speed(value) is { } speed ? options with { Speed = speed } : null,
                "--repeat" => Count(value) is { } repeat ? options with { Repeat = repeat } : null,
                "--parallel" => Count(value) is { } parallel ? options with { Parallel = parallel } : null,
                "--sockets" => Count(value) is { } sockets ? options with { SocketsPerSide = sockets } : null,
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out var seed) ? options with { Seed = seed } : null,
                "--operator" => Add(operators, value, options),
                "--password" => options with { Password = password = value },
                _ => null,
            };
            if (next is null)
            {
                return (null, $"{arguments[i]} {(arguments[i] == "--password" ? "" : value)}: no such option, or not a value for it. {Usage}");
            }

            options = next;
        }

        return OperatorPassword.Find(password) is { } found
            ? (options with { Password = found, Operators = operators.Count > 0 ? operators : options.Operators }, null)
            : (null, $"The operators' password is missing: start the AppHost once, set {OperatorPassword.Variable}, or give --password.");
    }

    private static ReplayOptions Add(List<string> operators, string login, ReplayOptions options)
    {
        operators.Add(login);
        return options;
    }

    private static double? Speed(string value)
        => value == "max" ? double.PositiveInfinity
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed > 0 ? speed
            : null;

    private static int? Count(string value)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;
}
