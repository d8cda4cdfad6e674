using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Endpoints;

/// <summary>
/// What the graph of endpoints does not show: a middleware, or a handler of some other path, that accepts a socket. Looks at the source
/// of every project of the product for whatever accepts one, and for routes below <c>/ws</c>.
/// </summary>
internal sealed class NoSocketElsewhere : ICheck
{
    private const string Handshake = "ReplyX.Realtime/WebSockets/Handshake.cs";

    // What accepts, and the only files that may say it.
    private static readonly Dictionary<string, string[]> _accepting = new(StringComparer.Ordinal)
    {
        ["IHttpUpgradeFeature"] = [Handshake],
        ["UpgradeAsync"] = [Handshake],
        ["WriteSwitchingProtocols"] = [Handshake, "ReplyX.Realtime/Listening/DirectUpgrade.cs"],
        ["IHttpExtendedConnectFeature"] = [],
        ["IHttpWebSocketFeature"] = [],
        ["AcceptWebSocketAsync"] = [],
        ["WebSocketManager"] = [],
        ["IsWebSocketRequest"] = [],
        ["CreateFromStream"] = [],
        ["UseWebSockets"] = [],
        ["AddWebSockets"] = [],
        ["MapHub"] = [],
        ["AddSignalR"] = [],
        ["HttpListenerWebSocketContext"] = [],
    };

    private const string Accepting = "ReplyX.Realtime/Upgrades/HttpUpgrade.cs";

    public string Claim => "no socket is accepted beside the table";

    public bool AsksServices => false;

    public Verdict Judge(Subject subject)
    {
        var files = subject.Tree.Projects().SelectMany(project => subject.Tree.Files(project, ".cs")).ToList();
        return new Verdict(
            [.. files.SelectMany(Find)], string.Create(CultureInfo.InvariantCulture, $"{files.Count} files of the product's projects"));
    }

    private static IEnumerable<Fault> Find(SourceFile file)
    {
        foreach (var node in file.Syntax.GetRoot().DescendantNodes())
        {
            if (WhatIsWrong(file.Path, node) is { } message)
            {
                yield return new Fault(message, file.At(node.GetLocation()));
            }
        }
    }

    private static string? WhatIsWrong(string path, SyntaxNode node) => node switch
    {
        SimpleNameSyntax name when _accepting.TryGetValue(name.Identifier.ValueText, out var allowed) && !allowed.Contains(path)
            => $"{name.Identifier.ValueText} accepts a socket beside the table",
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AcceptAsync", Expression: var of } when Last(of) == "Handshake" && path != Accepting
            => "Handshake.AcceptAsync accepts a socket beside the table",
        BaseObjectCreationExpressionSyntax creation when IsRoute(creation) && path != Subject.TableFile
            => "a route for sockets is made outside the table",
        InvocationExpressionSyntax invocation when MappedPath(invocation) is { } mapped
            => $"{NameOf(invocation)} maps {mapped} beside the table",
        _ => null,
    };

    private static bool IsRoute(BaseObjectCreationExpressionSyntax creation) => creation switch
    {
        ObjectCreationExpressionSyntax { Type: var type } => Last(type) == "SocketRoute",
        _ => creation.FirstAncestorOrSelf<VariableDeclarationSyntax>()?.Type.DescendantNodesAndSelf().Any(part => Last(part) == "SocketRoute") == true,
    };

    // Map("/ws/…"), MapGet, MapGroup, MapWhen and whatever else begins with Map; UsePathBase.
    private static string? MappedPath(InvocationExpressionSyntax invocation) =>
        NameOf(invocation) is { } name && (name.StartsWith("Map", StringComparison.Ordinal) || name == "UsePathBase")
            ? invocation.ArgumentList.Arguments
                .Select(argument => CSharpText.PathOf(argument.Expression)?.Text)
                .FirstOrDefault(path => path is not null)
            : null;

    private static string? NameOf(InvocationExpressionSyntax invocation) => Last(invocation.Expression);

    private static string? Last(SyntaxNode node) => node switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        _ => null,
    };
}
