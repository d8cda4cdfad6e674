using System.Globalization;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Plots;

/// <summary>Writes values in Grafana's units.</summary>
internal static class Units
{
    private const int UsualDigits = 3;

    private static readonly (double Factor, string Name)[] _seconds =
        [(1e-9, " ns"), (1e-6, " µs"), (1e-3, " ms"), (1, " s"), (60, " min"), (3600, " h"), (86400, " d")];

    private static readonly (double Factor, string Name)[] _thousands = [(1, ""), (1e3, " k"), (1e6, " M"), (1e9, " G"), (1e12, " T")];

    private static readonly (double Factor, string Name)[] _kibi =
        [(1, " B"), (1024, " KiB"), (1024d * 1024, " MiB"), (1024d * 1024 * 1024, " GiB"), (1024d * 1024 * 1024 * 1024, " TiB")];

    private static readonly (double Factor, string Name)[] _kilo = [(1, " B"), (1e3, " kB"), (1e6, " MB"), (1e9, " GB"), (1e12, " TB")];

    // Of what, after the number and its thousands.
    private static readonly Dictionary<string, string> _rates = new()
    {
        ["ops"] = "ops/s",
        ["opm"] = "ops/min",
        ["reqps"] = "req/s",
        ["rps"] = "reads/s",
        ["wps"] = "writes/s",
        ["iops"] = "io/s",
        ["cps"] = "/s",
        ["eps"] = "events/s",
        ["mps"] = "msg/s",
        ["hertz"] = "Hz",
        ["bits"] = "bit",
        ["bps"] = "bit/s",
    };

    /// <summary>Whether its steps are powers of two.</summary>
    public static bool IsBinary(string? unit) => unit is "bytes" or "kbytes" or "mbytes" or "gbytes" or "binBps";

    public static bool IsSeconds(string? unit) => unit is "s" or "dtdurations";

    /// <summary>As a panel shows the value: mapped, in its unit, or what stands for no value.</summary>
    public static string Show(FieldSettings settings, double value, DateTimeOffset now)
        => settings.Map(value).Text ?? (double.IsNaN(value) ? settings.NoValue ?? "no data" : Format(value, settings.Unit, settings.Decimals, now));

    /// <summary>In its unit.</summary>
    /// <param name="value">The value.</param>
    /// <param name="unit">Grafana's id of the unit.</param>
    /// <param name="decimals">How many, or null for as many as three digits need.</param>
    /// <param name="now">What ages are counted to.</param>
    /// <param name="digits">How many digits, where <paramref name="decimals"/> does not say.</param>
    public static string Format(double value, string? unit, int? decimals = null, DateTimeOffset now = default, int digits = UsualDigits) => unit switch
    {
        _ when double.IsInfinity(value) => value > 0 ? "+∞" : "−∞",
        null or "" or "none" or "locale" => Number(value, decimals, Math.Max(digits, 6)),
        "short" or "sishort" => Scaled(value, _thousands, decimals, digits),
        "percent" => Number(value, decimals, digits) + " %",
        "percentunit" => Number(value * 100, decimals, digits) + " %",
        "ns" => Scaled(value * 1e-9, _seconds, decimals, digits),
        "µs" or "us" => Scaled(value * 1e-6, _seconds, decimals, digits),
        "ms" or "clockms" or "dtdurationms" => Scaled(value * 1e-3, _seconds, decimals, digits),
        "s" or "dtdurations" or "clocks" => Scaled(value, _seconds, decimals, digits),
        "m" => Scaled(value * 60, _seconds, decimals, digits),
        "h" => Scaled(value * 3600, _seconds, decimals, digits),
        "d" => Scaled(value * 86400, _seconds, decimals, digits),
        "bytes" => Scaled(value, _kibi, decimals, digits),
        "kbytes" => Scaled(value * 1024, _kibi, decimals, digits),
        "mbytes" => Scaled(value * 1024 * 1024, _kibi, decimals, digits),
        "gbytes" => Scaled(value * 1024 * 1024 * 1024, _kibi, decimals, digits),
        "decbytes" => Scaled(value, _kilo, decimals, digits),
        "binBps" => Scaled(value, _kibi, decimals, digits) + "/s",
        "Bps" => Scaled(value, _kilo, decimals, digits) + "/s",
        "bool" => value != 0 ? "true" : "false",
        "bool_yes_no" => value != 0 ? "yes" : "no",
        "bool_on_off" => value != 0 ? "on" : "off",
        "dateTimeFromNow" => Age((now - TimeRange.Time(value / 1000)).TotalSeconds),
        "dateTimeAsIso" or "dateTimeAsIsoNoDateIfToday" or "dateTimeAsSystem" or "dateTimeAsLocal" => TimeRange.Time(value / 1000).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ when _rates.TryGetValue(unit, out var rate) => Joined(Scaled(value, _thousands, decimals, digits), rate),
        _ when unit.StartsWith("suffix:", StringComparison.Ordinal) => $"{Number(value, decimals, digits)} {unit["suffix:".Length..].Trim()}",
        _ when unit.StartsWith("prefix:", StringComparison.Ordinal) => unit["prefix:".Length..] + Number(value, decimals, digits),
        _ when unit.StartsWith("si:", StringComparison.Ordinal) => Joined(Scaled(value, _thousands, decimals, digits), unit["si:".Length..]),
        _ => $"{Number(value, decimals, digits)} {unit}",
    };

    private static string Age(double seconds) => Math.Abs(seconds) < 1 ? "now"
        : seconds > 0 ? $"{Scaled(seconds, _seconds, null, 2)} ago" : $"in {Scaled(-seconds, _seconds, null, 2)}";

    /// <summary>The thousands' letter belongs to the unit: 1.5 kops/s; a unit without letter stands apart from the number.</summary>
    private static string Joined(string scaled, string unit) => char.IsAsciiLetter(scaled[^1]) || unit[0] == '/' ? scaled + unit : $"{scaled} {unit}";

    private static string Scaled(double value, (double Factor, string Name)[] scale, int? decimals, int digits)
    {
        // 999.7 is written as 1.00 k and not as 1,000: what is rounded up belongs to the next.
        var size = Math.Abs(value) * 1.0005;
        var (factor, name) = value == 0 ? scale.First(one => one.Factor == 1) : scale.LastOrDefault(one => size >= one.Factor, scale[0]);
        return Number(value / factor, decimals, digits) + name;
    }

    private static string Number(double value, int? decimals, int digits)
    {
        var size = Math.Abs(value);
        var whole = size < 1 ? 1 : (int)Math.Floor(Math.Log10(size)) + 1;
        // Below 0.01 three decimals are too few for anything to be left.
        var places = decimals ?? (size is > 0 and < 0.01 ? digits - 1 - (int)Math.Floor(Math.Log10(size)) : Math.Max(0, digits - whole));
        var rounded = Math.Round(value, Math.Clamp(places, 0, 12));
        return (rounded == 0 ? 0 : rounded).ToString(decimals is null ? "#,0.############" : "N" + decimals.Value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
