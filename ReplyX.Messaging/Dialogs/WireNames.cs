namespace ReplyX.Messaging.Dialogs;

/// <summary>The words that enums have on the wire and in Redis.</summary>
public static class WireNames
{
    /// <summary>The mode's word: <c>widget</c> or <c>site</c>.</summary>
    /// <param name="mode">The mode.</param>
    public static string ToWire(this DialogMode mode) => mode == DialogMode.Site ? "site" : "widget";

    /// <summary>The sender's word: <c>user</c>, <c>assistant</c>, <c>manager</c> or <c>system</c>.</summary>
    /// <param name="sender">The sender.</param>
    public static string ToWire(this Sender sender) => sender switch
    {
        Sender.User => "user",
        Sender.Assistant => "assistant",
        Sender.Manager => "manager",
        _ => "system",
    };

    /// <summary>The state's word: <c>none</c>, <c>requested</c>, <c>active</c>, <c>released</c> or <c>cancelled</c>.</summary>
    /// <param name="state">The state.</param>
    public static string ToWire(this HandoffState state) => state switch
    {
        HandoffState.Requested => "requested",
        HandoffState.Active => "active",
        HandoffState.Released => "released",
        HandoffState.Cancelled => "cancelled",
        _ => "none",
    };

    internal static HandoffState ToHandoffState(string? word) => word switch
    {
        "requested" => HandoffState.Requested,
        "active" => HandoffState.Active,
        "released" => HandoffState.Released,
        "cancelled" => HandoffState.Cancelled,
        _ => HandoffState.None,
    };

    internal static DialogMode ToDialogMode(string? word) => word == "site" ? DialogMode.Site : DialogMode.Widget;
}
