using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace ReplyX.Validation.Services;

/// <summary>The services as they are put together, as far as sockets are concerned. It is data, so that tests may seed faults.</summary>
/// <param name="Table">The table of routes.</param>
/// <param name="Realtime">Every endpoint of the realtime service.</param>
/// <param name="Api">Every endpoint of the HTTP API.</param>
/// <param name="Listener">What the listener beside the HTTP server makes of requests.</param>
/// <param name="Pools">What is known of each pool.</param>
/// <param name="Addresses">The addresses that clients are given or make.</param>
internal sealed record SocketGraph(
    IReadOnlyList<TablePath> Table,
    IReadOnlyList<GraphEndpoint> Realtime,
    IReadOnlyList<GraphEndpoint> Api,
    IReadOnlyList<ListenerAnswer> Listener,
    IReadOnlyList<PoolFacts> Pools,
    IReadOnlyList<MadeAddress> Addresses)
{
    /// <summary>Of services that cannot be put together.</summary>
    public static readonly SocketGraph None = new([], [], [], [], [], []);
}

/// <summary>A row of the table of routes.</summary>
/// <param name="Path">The route pattern.</param>
/// <param name="Kind">Who connects there.</param>
/// <param name="Pool">The pool that admits them.</param>
/// <param name="Opens">The credentials that were let in when they were tried.</param>
internal sealed record TablePath(string Path, string Kind, string Pool, IReadOnlyList<string> Opens)
{
    /// <summary>The path of some dialog.</summary>
    public string Example => Path.Replace("{id}", "1", StringComparison.Ordinal);
}

/// <summary>An endpoint of a service.</summary>
/// <param name="Pattern">What it answers.</param>
/// <param name="Name">What the service calls it.</param>
/// <param name="Route">The row of the table that it was made from; null if it was not made from one.</param>
internal sealed record GraphEndpoint(RoutePattern Pattern, string Name, string? Route = null)
{
    private readonly TemplateMatcher _matcher = new(new RouteTemplate(Pattern), []);

    /// <summary>Whether it answers a path. Constraints are not looked at: a path that only they keep apart is one for two.</summary>
    public bool Answers(string path) => _matcher.TryMatch(path, []);

    /// <summary>Whether it is below <c>/ws</c>.</summary>
    public bool IsForSockets => Pattern.PathSegments is [{ Parts: [RoutePatternLiteralPart first] }, ..]
        && string.Equals(first.Content, "ws", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Pattern.RawText} ({Name})";
}

/// <summary>What the listener beside the HTTP server makes of a plain request for a socket.</summary>
/// <param name="Path">The path that is asked for.</param>
/// <param name="Route">The row of the table that it finds; null if it leaves the request to the server.</param>
internal sealed record ListenerAnswer(string Path, string? Route);

/// <summary>What is known of a pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Refused">The paths on which one more socket is refused once the pool is full.</param>
/// <param name="Metrics">The metrics that have it as a label.</param>
/// <param name="HealthFields">The fields of <c>/health/websocket</c> that count its sockets.</param>
internal sealed record PoolFacts(
    string Name, IReadOnlyList<string> Refused, IReadOnlyList<string> Metrics, IReadOnlyList<string> HealthFields);

/// <summary>The address of a socket that our own code makes.</summary>
/// <param name="By">The file that makes it.</param>
/// <param name="Kind">Whom it is for.</param>
/// <param name="Path">Its path.</param>
internal sealed record MadeAddress(string By, string Kind, string Path);
