using ReplyX.Validation.Endpoints;

namespace ReplyX.Validation.Tests.Endpoints;

public sealed class SourceTests(Reality reality)
{
    private const string File = "ReplyX.Api/Web/Seeded.cs";
    private static readonly NoSocketElsewhere _elsewhere = new();

    [Theory]
    [InlineData("using var socket = await context.WebSockets.AcceptWebSocketAsync();", "AcceptWebSocketAsync accepts a socket beside the table")]
    [InlineData("WebSocketManager sockets = context.WebSockets;", "WebSocketManager accepts a socket beside the table")]
    [InlineData("app.UseWebSockets();", "UseWebSockets accepts a socket beside the table")]
    [InlineData("app.MapHub<ChatHub>(path);", "MapHub accepts a socket beside the table")]
    [InlineData("var feature = context.Features.Get<IHttpUpgradeFeature>();", "IHttpUpgradeFeature accepts a socket beside the table")]
    [InlineData("await Handshake.AcceptAsync(context, null);", "Handshake.AcceptAsync accepts a socket beside the table")]
    [InlineData("api.MapGet(\"/ws/admin/{id}\", Answer);", "MapGet maps /ws/admin/{id} beside the table")]
    [InlineData("app.Map($\"/ws/{name}/dialogs\", Answer);", "Map maps /ws/{}/dialogs beside the table")]
    [InlineData("app.MapGroup(\"ws/admin\");", "MapGroup maps /ws/admin beside the table")]
    [InlineData("var route = new SocketRoute(path, SocketKind.Site, pool);", "a route for sockets is made outside the table")]
    [InlineData("List<SocketRoute> more = [new(path, SocketKind.Site, pool)];", "a route for sockets is made outside the table")]
    public void Whatever_accepts_a_socket_beside_the_table_is_named(string statement, string message)
    {
        var seeded = reality.Subject.With(File, Code(statement));

        Assert.Equal($"{File}:7: {message}", Assert.Single(seeded.Faults(_elsewhere)));
    }

    [Theory]
    [InlineData("// app.UseWebSockets() is not used here.")]
    [InlineData("Log(\"AcceptWebSocketAsync\");")]
    [InlineData("Open(\"/ws/dialogs\");")]
    [InlineData("app.MapGet(\"/wsdl\", Answer);")]
    public void What_only_talks_of_it_is_not(string statement) =>
        Assert.Empty(reality.Subject.With(File, Code(statement)).Faults(_elsewhere));

    [Fact]
    public void What_may_accept_may_do_so_only_where_it_is()
    {
        var handshake = reality.Subject.Tree.Find("ReplyX.Realtime/WebSockets/Handshake.cs")!.Text;

        Assert.Equal(
            3, reality.Subject.With("ReplyX.Realtime/Health/Handshake.cs", handshake).Faults(_elsewhere).Count(fault => fault.Contains("Upgrade", StringComparison.Ordinal)));
    }

    private static string Code(string statement) =>
        $$"""
        namespace ReplyX.Api.Web;

        internal static class Seeded
        {
            public static async Task Do()
            {
                {{statement}}
            }
        }
        """;
}
