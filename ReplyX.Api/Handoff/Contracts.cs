using System.Text.Json.Serialization;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Handoff;

/// <summary>Who answers a dialog, and since when.</summary>
internal sealed record HandoffStatus(
    long DialogId,
    HandoffState Handoff,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Operator,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Since)
{
    public static HandoffStatus Of(Dialog dialog) => new(dialog.Id, dialog.Handoff, dialog.OperatorName, dialog.HandoffSince);
}

/// <summary>The optional body of a step. With the same key, a retry takes the step only once.</summary>
internal sealed record HandoffCommand(string? ClientId);
