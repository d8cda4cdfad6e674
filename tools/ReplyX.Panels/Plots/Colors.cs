using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Plots;

/// <summary>Grafana's colours, by name or by value, and which of them a value or a series gets.</summary>
internal static partial class Colors
{
    // Darker than Grafana's where those are made for a dark ground: text of these is legible on white, too.
    private static readonly Dictionary<string, uint> _named = new()
    {
        ["green"] = 0x2f9e4f,
        ["red"] = 0xd9363e,
        ["orange"] = 0xe07b1a,
        ["yellow"] = 0xc79a00,
        ["blue"] = 0x3274d9,
        ["purple"] = 0x8f4bc9,
        ["gray"] = 0x7a8793,
        ["white"] = 0x9aa4ae,
        ["text"] = 0x1f2328,
        ["black"] = 0x1f2328,
    };

    private static readonly uint[] _palette = [0x3b7dd8, 0xe0812c, 0x3f9e5a, 0xcf4446, 0x8e5fc7, 0x239a9a, 0xd3609a, 0x98891b, 0x9c6a45, 0x6b7f99];

    private static readonly (string Prefix, double Lightness)[] _shades =
        [("super-light-", 0.55), ("semi-dark-", -0.15), ("light-", 0.3), ("dark-", -0.3), ("", 0)];

    /// <summary>Reads a colour; what is none is grey.</summary>
    public static OxyColor Parse(string? text)
    {
        text = text?.Trim() ?? "";
        if (text == "transparent")
        {
            return OxyColors.Transparent;
        }

        if (HexColor().Match(text) is { Success: true } hex)
        {
            return Of(uint.Parse(hex.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        if (RgbColor().Match(text) is { Success: true } rgb)
        {
            byte Part(int group) => (byte)Math.Min(255, int.Parse(rgb.Groups[group].Value, CultureInfo.InvariantCulture));
            return OxyColor.FromRgb(Part(1), Part(2), Part(3));
        }

        var (prefix, lightness) = _shades.First(shade => text.StartsWith(shade.Prefix, StringComparison.Ordinal));
        return Shade(Of(_named.GetValueOrDefault(text[prefix.Length..], _named["gray"])), lightness);
    }

    /// <summary>Of a series in a plot.</summary>
    public static OxyColor OfSeries(FieldSettings settings, int index, double last) => settings.Color switch
    {
        { Mode: "fixed" or "shades", FixedColor: { } color } => Parse(color),
        { Mode: "thresholds" } => OfValue(settings, last, index),
        _ => Of(_palette[index % _palette.Length]),
    };

    /// <summary>Of a value that stands alone: by a mapping, a fixed colour or the thresholds, in this order.</summary>
    public static OxyColor OfValue(FieldSettings settings, double value, int index = 0)
    {
        if (settings.Map(value).Color is { } mapped)
        {
            return Parse(mapped);
        }

        if (settings.Color is { Mode: "fixed", FixedColor: { } color })
        {
            return Parse(color);
        }

        return settings.Color?.Mode is null or "thresholds" && settings.Thresholds?.ColorOf(value, settings.Min ?? 0, settings.Max ?? 100) is { } limit
            ? Parse(limit)
            : Of(_palette[index % _palette.Length]);
    }

    public static string Css(this OxyColor color) => string.Create(CultureInfo.InvariantCulture, $"rgb({color.R},{color.G},{color.B})");

    private static OxyColor Of(uint rgb) => OxyColor.FromUInt32(0xff000000 | rgb);

    /// <summary>Nearer to white where <paramref name="lightness"/> is above 0, to black below.</summary>
    private static OxyColor Shade(OxyColor color, double lightness)
        => OxyColor.Interpolate(color, lightness > 0 ? OxyColors.White : OxyColors.Black, Math.Abs(lightness));

    [GeneratedRegex("^#([0-9a-fA-F]{6})$")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b")]
    private static partial Regex RgbColor();
}
