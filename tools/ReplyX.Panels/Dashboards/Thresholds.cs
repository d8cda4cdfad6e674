namespace ReplyX.Panels.Dashboards;

/// <summary>Limits and the colour from each of them up.</summary>
internal sealed record Thresholds(string? Mode = null, IReadOnlyList<ThresholdStep>? Steps = null)
{
    private const string Percentage = "percentage";

    /// <summary>The steps in order, their values absolute. The first holds from minus infinity.</summary>
    public IReadOnlyList<(double From, string Color)> Absolute(double min, double max) =>
    [
        .. (Steps ?? [])
            .Select(step => (From: step.Value is not { } value ? double.NegativeInfinity : Mode == Percentage ? min + (value / 100 * (max - min)) : value, Color: step.Color ?? ""))
            .OrderBy(step => step.From),
    ];

    /// <summary>The colour of a value, or null where no step holds for it.</summary>
    public string? ColorOf(double value, double min, double max)
        => Absolute(min, max).LastOrDefault(step => value >= step.From).Color;
}

internal sealed record ThresholdStep(string? Color = null, double? Value = null);
