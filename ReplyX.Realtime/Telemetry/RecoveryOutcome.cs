namespace ReplyX.Realtime.Telemetry;

/// <summary>What came of a resumption by cursor: every value of the label <c>outcome</c>, which is the name in lower case.</summary>
internal enum RecoveryOutcome
{
    Recovered,

    /// <summary>The log no longer held the cursor.</summary>
    Lost,

    /// <summary>What came was no cursor.</summary>
    Fresh,
}
