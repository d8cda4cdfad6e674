using System.Globalization;

namespace ReplyX.Panels.Dashboards;

/// <summary>What a query covers, in seconds since 1970.</summary>
internal sealed record TimeRange(double From, double To, TimeSpan Step)
{
    private const int Points = 200;
    private const double DefaultMinutes = 15;

    private static readonly int[] _steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];

    public double Seconds => To - From;

    /// <summary>The end that was asked for, which may lie between two steps: what is asked for at one instant is asked for at this.</summary>
    public DateTimeOffset End { get; init; } = Time(To);

    /// <summary>What the command line asks for, else what the dashboard says.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="dashboardFrom">The dashboard's own beginning, as in now-15m.</param>
    /// <param name="scrapeInterval">A step below it would only repeat points.</param>
    /// <param name="now">The end, where none is given.</param>
    public static TimeRange Of(PanelsOptions options, string? dashboardFrom, TimeSpan scrapeInterval, DateTimeOffset now)
    {
        var to = options.To ?? now;
        var last = options.Last ?? (Duration.TryParse(dashboardFrom?.Replace("now-", "", StringComparison.Ordinal), out var said) ? said : TimeSpan.FromMinutes(DefaultMinutes));
        var from = options.From ?? to - last;
        var length = to - from;
        return Aligned(from, to, options.Step ?? StepFor(length < TimeSpan.Zero ? last : length, scrapeInterval)) with { End = to };
    }

    /// <summary>The same time with steps of at least <paramref name="least"/>.</summary>
    public TimeRange WithStep(TimeSpan least) => least <= Step ? this : Aligned(Time(From), Time(To), least) with { End = End };

    public static DateTimeOffset Time(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time(From):yyyy-MM-dd HH:mm:ss} to {Time(To):yyyy-MM-dd HH:mm:ss} UTC, every {Duration.Text(Step)}");

    private static TimeSpan StepFor(TimeSpan length, TimeSpan scrapeInterval)
    {
        var wanted = length.TotalSeconds / Points;
        var nice = TimeSpan.FromSeconds(_steps.FirstOrDefault(step => step >= wanted, _steps[^1]));
        return nice < scrapeInterval ? scrapeInterval : nice;
    }

    /// <summary>On multiples of the step, as Grafana asks: the same instants are asked for however often the page is drawn.</summary>
    private static TimeRange Aligned(DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var seconds = step.TotalSeconds;
        return new(
            Math.Floor(from.ToUnixTimeMilliseconds() / 1000d / seconds) * seconds,
            Math.Floor(to.ToUnixTimeMilliseconds() / 1000d / seconds) * seconds,
            step);
    }
}
