namespace ReplyX.Realtime.Routes;

/// <summary>One path for sockets.</summary>
/// <param name="Path">The route pattern.</param>
/// <param name="Kind">Who connects there.</param>
/// <param name="Pool">The pool that admits, limits and counts them. It never decides what they receive.</param>
internal sealed record SocketRoute(string Path, SocketKind Kind, string Pool)
{
    /// <summary>The kind as metrics name it.</summary>
    public string Type { get; } = SocketKinds.Label(Kind);

    /// <summary>The path of one dialog.</summary>
    public string PathOf(string? dialogId) => Path.Replace("{id}", dialogId, StringComparison.Ordinal);

    /// <summary>Whether visitors connect there, with a dialog token; operators otherwise.</summary>
    public bool IsForVisitors => Kind is SocketKind.Widget or SocketKind.Site;
}
