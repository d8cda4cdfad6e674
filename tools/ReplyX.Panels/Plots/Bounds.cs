using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Plots;

/// <summary>From where to where a gauge or a bar goes.</summary>
internal static class Bounds
{
    /// <summary>What the panel says; else a whole for shares, and else room for the value and the limits.</summary>
    public static (double Min, double Max) Of(FieldSettings settings, double value)
    {
        var min = settings.Min ?? Math.Min(0, double.IsFinite(value) ? value : 0);
        var whole = settings.Unit switch { "percentunit" => 1, "percent" => 100, _ => 0d };
        var highest = (settings.Thresholds is { Mode: not "percentage", Steps: { } steps } ? steps : []).Select(step => step.Value ?? 0).DefaultIfEmpty().Max();
        var max = settings.Max ?? Math.Max(whole, Math.Max(double.IsFinite(value) ? value : 0, highest * 1.2));
        return (min, max > min ? max : min + 1);
    }
}
