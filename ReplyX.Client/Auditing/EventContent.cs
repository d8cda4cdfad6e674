namespace ReplyX.Client;

/// <summary>What events say, in one form for all the ways in which they are sent and seen, so that they can be compared.</summary>
public static class EventContent
{
    /// <summary>A message's.</summary>
    /// <param name="sender">As whom: <c>user</c>, <c>assistant</c> or <c>manager</c>.</param>
    /// <param name="text">The text.</param>
    /// <returns>The form.</returns>
    public static string Message(string? sender, string? text) => $"{sender}: {text}";

    /// <summary>A step of the handoff.</summary>
    /// <param name="state">The state that it led to, by its wire name.</param>
    /// <returns>The form.</returns>
    public static string Handoff(string? state) => $"handoff {state}";

    /// <summary>A step of the handoff.</summary>
    /// <param name="state">The state that it led to.</param>
    /// <returns>The form.</returns>
    public static string Handoff(HandoffState state) => Handoff(state.ToString().ToLowerInvariant());

    /// <summary>An entry of the account's list: as much as it says of a dialog's event.</summary>
    /// <param name="change">What happened, by its wire name.</param>
    /// <param name="sender">Who wrote the message, if it is one.</param>
    /// <param name="preview">The start of its text.</param>
    /// <returns>The form.</returns>
    public static string Listed(string? change, string? sender, string? preview)
        => change == "message" ? Message(sender, preview) : Handoff(StateAfter(change));

    /// <summary>Reads what the client library yields.</summary>
    /// <param name="seen">An event.</param>
    /// <returns>The form; null where the event is none of a dialog's or the list's.</returns>
    public static string? Of(ReplyXEvent seen) => seen switch
    {
        MessageEvent message => Message(message.Sender, message.Text),
        HandoffEvent step => Handoff(step.State),
        DialogListEvent entry => Listed(entry.Change, entry.Sender, entry.Preview),
        _ => null,
    };

    internal static bool IsListing(string content)
        => content.StartsWith("user: ", StringComparison.Ordinal) || content.StartsWith("handoff ", StringComparison.Ordinal);

    private static string? StateAfter(string? change) => change switch
    {
        "handoff_requested" => "requested",
        "handoff_started" => "active",
        "handoff_released" => "released",
        "handoff_cancelled" => "cancelled",
        _ => change,
    };
}
