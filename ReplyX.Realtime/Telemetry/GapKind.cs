namespace ReplyX.Realtime.Telemetry;

/// <summary>How a hole in what the backplane carried was found: every value of the label <c>kind</c>, which is the name in lower case.</summary>
internal enum GapKind
{
    /// <summary>A later event came; the hole was filled from the log.</summary>
    Missed,

    /// <summary>Nothing followed the lost publish; the positioning check found it.</summary>
    Quiet,

    /// <summary>The log was lost or rolled back.</summary>
    Replaced,

    /// <summary>It was stopped at the socket, which must not happen.</summary>
    Writer,
}
