using ReplyX.Validation.Routing;
using ReplyX.Validation.Services;

namespace ReplyX.Validation.Tests.Routing;

public sealed class RoutingTests(Reality reality)
{
    private const string Widget = "/ws/widget/dialogs/{id}";
    private const string Site = "/ws/site/dialogs/{id}";
    private const string Gatekeeper = "ReplyX.Realtime/Admission/Gatekeeper.cs";
    private static readonly EachPathHasItsPool _pool = new();
    private static readonly EachPathAsksForItsCredential _credential = new();
    private static readonly EachPoolIsAccountedFor _accounted = new();

    private Subject Subject => reality.Subject;

    [Fact]
    public void A_wrong_pool_a_wrong_kind_and_a_path_of_no_decision_are_named()
    {
        Assert.Equal(
            $"{Subject.PlaceOf(Subject.TableFile, Widget)}: the pool of {Widget} has to be ws_connections, not ws_site_connections",
            Assert.Single(Subject.WithRow(Widget, row => row with { Pool = "ws_site_connections" }).Faults(_pool)));
        Assert.Equal(
            $"{Subject.PlaceOf(Subject.TableFile, Site)}: {Site} is for site, not for widget",
            Assert.Single(Subject.WithRow(Site, row => row with { Kind = "widget" }).Faults(_pool)));
        Assert.Equal(
            "ReplyX.Realtime/Routes/SocketRoutes.cs: /ws/admin has no pool that was decided",
            Assert.Single(Subject.With(graph => graph with { Table = [.. graph.Table, new TablePath("/ws/admin", "operator", "ws_connections", [])] }).Faults(_pool)));
    }

    [Fact]
    public void A_path_without_credential_or_with_another_one_is_named()
    {
        Assert.Equal($"{Gatekeeper}: {Site} is opened by no credential", Assert.Single(Opening(Site).Faults(_credential)));
        Assert.Equal(
            $"{Gatekeeper}: {Site} is opened by no token", Assert.Single(Opening(Site, Credentials.NoToken, Credentials.DialogToken).Faults(_credential)));
        Assert.Equal(
            [$"{Gatekeeper}: {Site} is not opened by the dialog token", $"{Gatekeeper}: {Site} is opened by another one, the operator token"],
            Opening(Site, Credentials.OperatorToken).Faults(_credential));
        Assert.Equal(
            $"{Gatekeeper}: {Site} is opened by another one, the dialog token of another path",
            Assert.Single(Opening(Site, Credentials.DialogToken, Credentials.OtherDialogToken).Faults(_credential)));
        Assert.Equal(
            $"{Gatekeeper}: /ws/admin is opened by no token",
            Assert.Single(Subject.With(graph => graph with { Table = [.. graph.Table, new TablePath("/ws/admin", "operator", "ws_connections", [Credentials.NoToken])] }).Faults(_credential)));
    }

    [Fact]
    public void A_pool_without_limit_metrics_or_field_is_named()
    {
        Assert.Equal(
            $"ReplyX.Realtime/Limits/ConnectionLimits.cs: {Site} is let in though its pool ws_site_connections is full",
            Assert.Single(Pool(pool => pool with { Refused = [] }).Faults(_accounted)));
        Assert.Equal(
            $"ReplyX.Realtime/Limits/ConnectionLimits.cs: {Widget} is refused when the pool ws_site_connections is full, which is not its own",
            Assert.Single(Pool(pool => pool with { Refused = [Site, Widget] }).Faults(_accounted)));
        Assert.Equal(
            "ReplyX.Realtime/Telemetry/NodeGauges.cs: websocket_pool_limit has no series of the pool ws_site_connections",
            Assert.Single(Pool(pool => pool with { Metrics = [.. pool.Metrics.Except(["websocket_pool_limit"])] }).Faults(_accounted)));
        Assert.Equal(
            "ReplyX.Realtime/Health/WebSocketReport.cs: the sockets of the pool ws_site_connections are in no field of /health/websocket",
            Assert.Single(Pool(pool => pool with { HealthFields = [] }).Faults(_accounted)));

        // A pool that only the table knows has nothing.
        Assert.Equal(6, Subject.WithRow(Site, row => row with { Pool = "ws_new_connections" }).Faults(_accounted).Count());
    }

    private Subject Opening(string path, params string[] credentials) => Subject.WithRow(path, row => row with { Opens = credentials });

    private Subject Pool(Func<PoolFacts, PoolFacts> change) => Subject.With(graph => graph with
    {
        Pools = [.. graph.Pools.Select(pool => pool.Name == "ws_site_connections" ? change(pool) : pool)],
    });
}
