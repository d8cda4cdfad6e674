namespace ReplyX.Panels.Plots;

/// <summary>
/// Colours and sizes. The neutral colours are written in the one way that OxyPlot writes them, since the page's style finds them
/// by that text to turn them round where the reader's system is dark.
/// </summary>
internal static class Theme
{
    public const string Font = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
    public const string Ink = "rgb(31,35,40)";
    public const string Muted = "rgb(89,99,110)";
    public const string Line = "rgb(216,222,228)";
    public const string Paper = "rgb(254,254,254)";
    public const string Alarm = "rgb(190,40,50)";

    public const double TitleSize = 14;
    public const double TextSize = 11;
    public const double LineHeight = 15;
    public const double Padding = 12;
}
