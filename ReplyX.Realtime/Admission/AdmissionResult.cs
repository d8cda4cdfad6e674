using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Admission;

/// <summary>Whether a client may have its socket.</summary>
/// <param name="Peer">Who it is, if it may.</param>
/// <param name="Refusal">The code to close with, if it may not.</param>
/// <param name="Error">The same for metrics; its label is what the developer reads.</param>
internal readonly record struct AdmissionResult(Peer? Peer, CloseCode Refusal, ConnectionError Error)
{
    public static AdmissionResult Admitted(Peer peer) => new(peer, default, default);

    public static AdmissionResult Refused(CloseCode code, ConnectionError error) => new(null, code, error);
}
