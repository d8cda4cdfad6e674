using System.Text.Json;

namespace ReplyX.Panels.Dashboards;

/// <summary>How one series or column is shown: a panel's fieldConfig.defaults with the overrides that apply.</summary>
internal sealed record FieldSettings(
    string? Unit = null,
    double? Min = null,
    double? Max = null,
    int? Decimals = null,
    string? DisplayName = null,
    string? NoValue = null,
    FieldColor? Color = null,
    Thresholds? Thresholds = null,
    IReadOnlyList<ValueMapping>? Mappings = null,
    FieldCustom? Custom = null)
{
    /// <summary>How a value is written and coloured by a mapping, where one applies.</summary>
    public (string? Text, string? Color) Map(double value)
        => (Mappings ?? []).Select(mapping => mapping.Find(value)).FirstOrDefault(found => found is not (null, null));

    /// <summary>The same for a label's value.</summary>
    public (string? Text, string? Color) Map(string text)
        => (Mappings ?? []).Select(mapping => mapping.Find(text)).FirstOrDefault(found => found is not (null, null));
}

internal sealed record FieldColor(string? Mode = null, string? FixedColor = null);

/// <summary>fieldConfig.defaults.custom, of every panel type together.</summary>
internal sealed record FieldCustom(
    string? DrawStyle = null,
    string? LineInterpolation = null,
    double? LineWidth = null,
    double? FillOpacity = null,
    string? ShowPoints = null,
    JsonElement? SpanNulls = null,
    FieldMode? Stacking = null,
    FieldMode? ThresholdsStyle = null,
    FieldLineStyle? LineStyle = null,
    FieldScale? ScaleDistribution = null,
    FieldHidden? HideFrom = null,
    FieldCell? CellOptions = null,
    string? AxisPlacement = null,
    string? AxisLabel = null,
    double? AxisSoftMin = null,
    double? AxisSoftMax = null,
    string? Transform = null,
    JsonElement? Hidden = null);

internal sealed record FieldMode(string? Mode = null);

internal sealed record FieldLineStyle(string? Fill = null);

internal sealed record FieldScale(string? Type = null, double? Log = null);

internal sealed record FieldHidden(bool Viz = false, bool Legend = false);

internal sealed record FieldCell(string? Type = null);
