using ReplyX.Realtime.Connections;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Admission;

/// <summary>Whether a client may have its socket.</summary>
/// <param name="Peer">Who it is, if it may.</param>
/// <param name="Refusal">The code to close with, if it may not.</param>
/// <param name="Reason">The same for metrics and for the developer who reads it.</param>
internal readonly record struct AdmissionResult(Peer? Peer, CloseCode Refusal, string Reason)
{
    public static AdmissionResult Admitted(Peer peer) => new(peer, default, "");

    public static AdmissionResult Refused(CloseCode code, string reason) => new(null, code, reason);
}
