using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>What events say, in one form for all the ways in which they are seen, so that they can be compared.</summary>
internal static class Content
{
    public static string Message(string? sender, string? text) => $"{sender}: {text}";

    public static string Handoff(string? state) => $"handoff {state}";

    /// <summary>An entry of the account's list about a dialog's event.</summary>
    public static string Listed(long seq, string? change, string? sender, string? preview)
        => change == "message" ? $"{seq} {Message(sender, preview)}" : $"{seq} {Handoff(StateAfter(change))}";

    public static string? Of(ReplyXEvent seen) => seen switch
    {
        MessageEvent message => Message(message.Sender, message.Text),
        HandoffEvent step => Handoff(step.State.ToString().ToLowerInvariant()),
        DialogListEvent entry => Listed(entry.LastSeq, entry.Change, entry.Sender, entry.Preview),
        _ => null,
    };

    private static string? StateAfter(string? change) => change switch
    {
        "handoff_requested" => "requested",
        "handoff_started" => "active",
        "handoff_released" => "released",
        "handoff_cancelled" => "cancelled",
        _ => change,
    };
}
