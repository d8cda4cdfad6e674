using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Routing;

/// <summary>
/// A pool decides admission, limits and accounting, never what a socket receives. So the code that delivers may not know of pools: not
/// by their names, not by the route, and not by a method of somebody else that looks at them. Names are bound, not guessed.
/// </summary>
internal sealed class DeliveryIgnoresPools : ICheck
{
    private const string Service = "ReplyX.Realtime";
    private const string Delivery = "ReplyX.Realtime/Delivery/";
    private const string Connections = "ReplyX.Realtime/Connections/";
    private const string Routes = "ReplyX.Realtime.Routes";

    // Beside the sockets, these are where a socket's pool is counted.
    private static readonly string[] _counting = ["ConnectionTable.cs", "Peer.cs", "PoolCounts.cs", "PoolSnapshot.cs"];

    // Counts for metrics what was sent to whom.
    private const string SentEvents = $"{Delivery}SentEvents.cs";
    private static readonly string[] _messaging = ["ReplyX.Messaging/Dialogs", "ReplyX.Messaging/PubSub", "ReplyX.Messaging/Streams"];

    // What says which pool: types, with all that is in them, and members.
    private static readonly (string Type, string? Member)[] _pools =
    [
        ("ReplyX.Messaging.Nodes.NodeRegistry", "AdminPool"),
        ("ReplyX.Messaging.Nodes.NodeRegistry", "SitePool"),
        ("ReplyX.Realtime.Connections.ConnectionTable", "Pools"),
        ("ReplyX.Realtime.Connections.PoolCounts", null),
        ("ReplyX.Realtime.Connections.PoolSnapshot", null),
        ($"{Routes}.SocketRoute", "Pool"),
        ($"{Routes}.SocketRoutes", null),
    ];

    public string Claim => "delivery does not look at pools";

    public Verdict Judge(Subject subject)
    {
        var sources = new BoundSources(Service, [.. subject.Tree.Files(Service, ".cs")]);
        var known = _pools.Select(one => (Name: one.Member is null ? one.Type : $"{one.Type}.{one.Member}", Symbol: sources.Find(one.Type, one.Member))).ToList();
        var pools = known.Select(one => one.Symbol).OfType<ISymbol>().ToHashSet(SymbolEqualityComparer.Default);
        var delivering = sources.Files.Where(file => IsDelivering(file.Path)).ToList();
        var messaging = _messaging.SelectMany(folder => subject.Tree.Files(folder, ".cs")).ToList();
        var names = subject.Graph.Table.Select(row => row.Pool).ToHashSet(StringComparer.Ordinal);

        List<Fault> faults =
        [
            .. known.Where(one => one.Symbol is null).Select(one => new Fault($"{one.Name} is gone: this check does not know any more what a pool is", new Place(Service))),
        ];
        var looking = Looking(sources, pools);
        foreach (var file in delivering)
        {
            faults.AddRange(sources.Unknown(file).Select(unknown => new Fault($"cannot be read: {unknown.GetMessage(CultureInfo.InvariantCulture)}", file.At(unknown.Location))));
            faults.AddRange(
                from found in sources.Names(file)
                let message = WhatIsWrong(file.Path, found.Name, found.Symbol, pools, looking)
                where message is not null
                select new Fault(message, file.At(found.Name.GetLocation())));
        }

        // The log and the backplane are not bound: there a name is enough.
        faults.AddRange(
            from file in messaging
            from name in file.Syntax.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            where name.Identifier.ValueText is "AdminPool" or "SitePool"
            select new Fault($"{name} is a pool, and this is delivery", file.At(name.GetLocation())));
        faults.AddRange(
            from file in delivering.Concat(messaging)
            from literal in file.Syntax.GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>()
            where literal.Token.Value is string text && names.Contains(text)
            select new Fault($"{literal} is a pool, and this is delivery", file.At(literal.GetLocation())));
        if (delivering.Count == 0 || messaging.Count == 0)
        {
            faults.Add(new Fault("no source of delivery was found", new Place(delivering.Count == 0 ? Delivery : "ReplyX.Messaging")));
        }

        return new Verdict(
            [.. faults.Distinct()],
            string.Create(CultureInfo.InvariantCulture, $"{delivering.Count + messaging.Count} files; {looking.Count} members elsewhere look at pools"));
    }

    private static bool IsDelivering(string path) =>
        path.StartsWith(Delivery, StringComparison.Ordinal)
        || (path.StartsWith(Connections, StringComparison.Ordinal) && !_counting.Contains(path[Connections.Length..]));

    private static string? WhatIsWrong(string path, SimpleNameSyntax name, ISymbol symbol, HashSet<ISymbol> pools, HashSet<ISymbol> looking)
    {
        if (IsPool(symbol, pools))
        {
            return $"{Named(symbol)} is of pools, and this is delivery";
        }

        if (looking.Contains(symbol))
        {
            return $"{Named(symbol)} looks at the pool, and this is delivery";
        }

        // Who somebody is must not decide it either. A socket says it to its metrics.
        return symbol.ContainingType?.ToDisplayString() is $"{Routes}.SocketRoute" or $"{Routes}.SocketKind"
            && path != SentEvents
            && (path.StartsWith(Delivery, StringComparison.Ordinal) || !IsArgument(name))
                ? $"{Named(symbol)} is of the route, and this is delivery"
                : null;
    }

    // What answers by looking at a pool, or by asking something that does.
    private static HashSet<ISymbol> Looking(BoundSources sources, HashSet<ISymbol> pools)
    {
        var uses = sources.Files
            .SelectMany(file => sources.Answering(file).Select(member => (member.Symbol, Uses: sources.Names(file, member.Body).Select(name => name.Symbol).ToHashSet(SymbolEqualityComparer.Default))))
            .Where(member => !IsPool(member.Symbol, pools))
            .ToList();
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);

        // Again while there is more: somebody may ask what was found just now.
        int before;
        do
        {
            before = found.Count;
            found.UnionWith(uses.Where(member => member.Uses.Any(used => IsPool(used, pools) || found.Contains(used))).Select(member => member.Symbol).ToList());
        }
        while (found.Count > before);

        return found;
    }

    private static bool IsPool(ISymbol symbol, HashSet<ISymbol> pools) =>
        pools.Contains(symbol) || (symbol.ContainingType is { } type && pools.Contains(type));

    private static bool IsArgument(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax { Parent: ArgumentSyntax } access && access.Name == name;

    private static string Named(ISymbol symbol) => symbol.ContainingType is { } type ? $"{type.Name}.{symbol.Name}" : symbol.Name;
}
