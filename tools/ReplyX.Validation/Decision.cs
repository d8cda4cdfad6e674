using static ReplyX.Validation.Services.Credentials;

namespace ReplyX.Validation;

/// <summary>
/// The paths for sockets as they were decided (docs/websocket/protocol.md). Code and documents are both held to it, so that neither is
/// changed alone: a new path, or another pool, is a new line here.
/// </summary>
/// <param name="Path">The route pattern.</param>
/// <param name="Kind">Who connects there.</param>
/// <param name="Pool">The pool that admits, limits and counts them.</param>
/// <param name="Credential">The one credential that opens it.</param>
internal sealed record Decision(string Path, string Kind, string Pool, string Credential)
{
    public static readonly IReadOnlyList<Decision> All =
    [
        new("/ws/widget/dialogs/{id}", "widget", "ws_connections", DialogToken),
        new("/ws/site/dialogs/{id}", "site", "ws_site_connections", DialogToken),
        new("/ws/dialogs/{id}", "operator", "ws_connections", OperatorToken),
        new("/ws/dialogs", "list", "ws_connections", OperatorToken),
    ];
}
