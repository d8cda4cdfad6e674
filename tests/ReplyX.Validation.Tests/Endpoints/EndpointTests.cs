using ReplyX.Validation.Endpoints;
using static ReplyX.Validation.Tests.Seeding;

namespace ReplyX.Validation.Tests.Endpoints;

public sealed class EndpointTests(Reality reality)
{
    private const string Site = "/ws/site/dialogs/{id}";
    private static readonly OneEndpointForEachPath _one = new();
    private static readonly OneTableForBothWays _both = new();
    private static readonly EachPathIsDecided _decided = new();

    private Subject Subject => reality.Subject;

    [Theory]
    [InlineData("/ws/site/dialogs/{dialogId}")]
    [InlineData("/WS/site/dialogs/{id:long}")]
    [InlineData("/{**anything}")]
    [InlineData("/ws/{mode}/dialogs/{id}")]
    public void A_second_endpoint_for_a_path_is_named(string pattern)
    {
        var faults = Subject.WithEndpoint(pattern).Faults(_one).ToList();

        Assert.Contains($"{Subject.InTable(Site)}: {Site} is answered by 2 endpoints: {Site} (socket site) and {pattern} (seeded)", faults);
    }

    [Fact]
    public void So_are_one_beside_the_table_one_of_the_api_one_twice_in_the_table_and_none()
    {
        Assert.Equal(
            "ReplyX.Realtime/Routes/SocketRoutes.cs: /ws/admin (seeded) is below /ws, and not from the table",
            Assert.Single(Subject.WithEndpoint("/ws/admin").Faults(_one)));
        Assert.Equal(
            "ReplyX.Api: /ws/dialogs (seeded) is below /ws, which is the realtime service's alone",
            Assert.Single(Subject.With(graph => graph with { Api = [.. graph.Api, Endpoint("/ws/dialogs")] }).Faults(_one)));
        Assert.Equal(
            $"{Subject.InTable("/ws/dialogs")}: /ws/dialogs is answered by the HTTP API too: {{*path}} (seeded)",
            Subject.With(graph => graph with { Api = [.. graph.Api, Endpoint("{*path}")] }).Faults(_one).Last());
        Assert.Equal(
            $"{Subject.InTable(Site)}: {Site} stands 2 times in the table",
            Assert.Single(Subject.With(graph => graph with { Table = [.. graph.Table, graph.Table[1]] }).Faults(_one)));
        Assert.Equal(
            $"{Subject.InTable(Site)}: {Site} is answered by no endpoint",
            Assert.Single(Subject.With(graph => graph with { Realtime = [.. graph.Realtime.Where(endpoint => endpoint.Route != Site)] }).Faults(_one)));
    }

    [Fact]
    public void A_listener_that_reads_another_table_is_named()
    {
        Assert.Equal(
            "ReplyX.Realtime/Listening/UpgradeHead.cs: /ws/admin/dialogs/1 is /ws/dialogs/{id} for the listener and no socket for the HTTP server",
            Assert.Single(Answering("/ws/admin/dialogs/1", "/ws/dialogs/{id}").Faults(_both)));
        Assert.Equal(
            $"{Subject.InTable(Site)}: /ws/site/dialogs/1 is no socket for the listener and {Site} for the HTTP server",
            Assert.Single(Answering("/ws/site/dialogs/1", null).Faults(_both)));
        Assert.Equal(
            $"{Subject.InTable("/ws/dialogs/{id}")}: /ws/dialogs/1 is {Site} for the listener and /ws/dialogs/{{id}} for the HTTP server",
            Assert.Single(Answering("/ws/dialogs/1", Site).Faults(_both)));
        Assert.Equal(4, Subject.With(graph => graph with { Listener = [] }).Faults(_both).Count());
    }

    [Fact]
    public void A_path_that_was_not_decided_and_one_that_is_missing_are_named()
    {
        var moved = Subject.WithRow(Site, row => row with { Path = "/ws/sites/dialogs/{id}" });

        Assert.Equal(
            [
                $"ReplyX.Realtime/Routes/SocketRoutes.cs: {Site} is missing in the table",
                "ReplyX.Realtime/Routes/SocketRoutes.cs: /ws/sites/dialogs/{id} was not decided: tools/ReplyX.Validation/Decision.cs does not have it",
            ],
            moved.Faults(_decided));
    }

    private Subject Answering(string path, string? route) => Subject.With(graph => graph with
    {
        Listener = [.. graph.Listener.Select(answer => answer.Path == path ? answer with { Route = route } : answer)],
    });
}
