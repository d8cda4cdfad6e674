using System.Globalization;

namespace ReplyX.Panels.Dashboards;

/// <summary>Durations as Prometheus and Grafana write them: 500ms, 15s, 5m, 2h, 7d.</summary>
internal static class Duration
{
    private static readonly (string Unit, TimeSpan Length)[] _units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)), ("w", TimeSpan.FromDays(7)), ("y", TimeSpan.FromDays(365)),
    ];

    /// <summary>Reads 1h30m as well as 15s, and nothing that is not longer than zero.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = rest[..(letters < 0 ? rest.Length : letters)].ToString();
            if (_units.FirstOrDefault(one => one.Unit == unit) is not { Unit: not null, Length: var length } || number > TimeSpan.FromDays(3650) / length)
            {
                return false;
            }

            duration += number * length;
            rest = rest[unit.Length..];
        }

        return duration > TimeSpan.Zero;
    }

    /// <summary>In a form that PromQL reads.</summary>
    public static string Text(TimeSpan duration)
    {
        var (unit, length) = _units.Last(one => one.Unit is not ("w" or "y") && (one.Unit == "ms" || duration.Ticks % one.Length.Ticks == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)(duration / length)}{unit}");
    }
}
