using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Connections;

/// <summary>Who is connected, as the credential says.</summary>
/// <param name="Route">The path it came by.</param>
/// <param name="Stream">The dialog or feed it listens to.</param>
/// <param name="Subject">The guest or operator: the token's <c>sub</c>.</param>
/// <param name="Principal">The subject as keys and limits name it.</param>
/// <param name="Name">An operator's display name; null for visitors.</param>
/// <param name="ExpiresAt">When the credential runs out, UTC.</param>
/// <param name="Owner">Whose dialog it is; of no account on the list, where nothing is sent.</param>
/// <param name="Site">The site of a visitor's dialog and the version of the token that it was entered by; null for operators.</param>
/// <param name="Generation">Which of the operator's tokens it was let in by; 0 for visitors.</param>
internal sealed record Peer(
    SocketRoute Route,
    StreamKey Stream,
    string Subject,
    string Principal,
    string? Name,
    DateTimeOffset ExpiresAt,
    DialogOwner Owner = default,
    (string Id, int TokenVersion)? Site = null,
    int Generation = 0)
{
    public Sender Sender => Route.IsForVisitors ? Sender.User : Sender.Manager;

    /// <summary>The operator's id; null for visitors.</summary>
    public string? OperatorId => Route.IsForVisitors ? null : Subject;
}
