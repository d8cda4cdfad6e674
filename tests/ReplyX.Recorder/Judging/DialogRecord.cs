using ReplyX.Client;
using ReplyX.Recorder.Traffic;

namespace ReplyX.Recorder.Judging;

/// <summary>All that is known of a dialog when it is over.</summary>
/// <param name="Name">For the reader of a violation.</param>
/// <param name="Id">The dialog.</param>
/// <param name="Log">What its history holds, from the first event on.</param>
/// <param name="Sent">What was acknowledged, one author's in the order in which they wrote.</param>
/// <param name="Steps">The states that acknowledged steps of the handoff led to, in order.</param>
/// <param name="Welcome">How many events the dialog began with, before anybody wrote.</param>
internal sealed record DialogRecord(
    string Name, long Id, IReadOnlyList<LogEvent> Log, IReadOnlyList<AcknowledgedMessage> Sent, IReadOnlyList<HandoffState> Steps, long Welcome);
