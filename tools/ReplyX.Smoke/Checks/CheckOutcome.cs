using System.Text.Json.Serialization;

namespace ReplyX.Smoke.Checks;

internal enum CheckOutcome
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It could not be done, and the detail says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
