namespace ReplyX.Panels.Plots;

/// <summary>The ends and the steps of a value axis.</summary>
internal sealed record ValueScale(double Min, double Max, double Step, string? Unit)
{
    private const int MostDigits = 8;

    private static readonly double[] _ofSeconds = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000];

    /// <summary>Makes room for the data.</summary>
    /// <param name="data">Least and most of the data.</param>
    /// <param name="min">Where the axis must begin, or null.</param>
    /// <param name="max">Where it must end, or null.</param>
    /// <param name="unit">Steps are round in this unit.</param>
    /// <param name="steps">About so many.</param>
    public static ValueScale Of((double Min, double Max) data, double? min, double? max, string? unit, int steps)
    {
        var (low, high) = (min ?? Math.Min(data.Min, data.Min > 0 && data.Min < data.Max * 0.6 ? 0 : data.Min), max ?? data.Max);
        if (!(high > low))
        {
            // A flat line is drawn in the middle, or above the ground that is asked for.
            var room = low == 0 ? 1 : Math.Abs(low) * 0.5;
            (low, high) = (min ?? (low > 0 && low - room < 0 ? 0 : low - (low == 0 ? 0 : room)), max ?? high + room);
            high = high > low ? high : low + 1;
        }

        var step = StepOf((high - low) / steps, unit);
        return new(min ?? Math.Floor(low / step + 1e-9) * step, max ?? Math.Ceiling(high / step - 1e-9) * step, step, unit);
    }

    /// <summary>What stands at a tick: as many digits as tell it from the next.</summary>
    public string Label(double value)
    {
        value = Math.Abs(value) < Step * 1e-6 ? 0 : value;
        var size = Math.Max(Math.Abs(Min), Math.Abs(Max));
        return Units.Format(value, Unit, null, default, Math.Clamp((int)Math.Ceiling(Math.Log10(size / Step)) + 2, 3, MostDigits));
    }

    public IEnumerable<double> Ticks()
    {
        for (var tick = Math.Ceiling((Min / Step) - 1e-9) * Step; tick <= Max + (Step * 1e-6); tick += Step)
        {
            yield return tick;
        }
    }

    private static double StepOf(double wanted, string? unit)
    {
        if (Units.IsSeconds(unit) && wanted > 30)
        {
            return _ofSeconds.FirstOrDefault(step => step >= wanted, Math.Ceiling(wanted / 864000) * 864000);
        }

        if (Units.IsBinary(unit) && wanted > 1)
        {
            return Math.Pow(2, Math.Ceiling(Math.Log2(wanted)));
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        return power * (wanted / power) switch { <= 1.0000001 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
