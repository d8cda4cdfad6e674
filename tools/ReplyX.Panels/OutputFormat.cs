namespace ReplyX.Panels;

internal enum OutputFormat
{
    /// <summary>One page with every dashboard.</summary>
    Html,

    /// <summary>A file for each panel.</summary>
    Svg,

    /// <summary>A file for each dashboard.</summary>
    SvgDashboard,
}
