using ReplyX.Bench.Scale;
using ReplyX.Testing;

namespace ReplyX.Bench.Tests;

public sealed class ScaleTests
{
    private static readonly string _folder = Repository.File("docs", "perf");

    [Fact]
    public void The_page_and_the_picture_are_what_the_command_makes_of_the_measured_costs()
    {
        var input = ScaleFiles.Read(_folder);
        var page = File.ReadAllText(Path.Combine(_folder, "scale.md"));

        Assert.Equal(page, ScalePage.Fill(page, input));
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "scale.svg")), ScaleChart.Draw(input));
    }

    [Fact]
    public void A_place_that_the_page_lacks_is_named()
    {
        var failure = Assert.Throws<BenchException>(() => ScalePage.Fill("# A page", ScaleFiles.Read(_folder)));
        Assert.Contains("<!-- machine -->", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_finds_every_server_busy_waits_for_the_one_that_is_free_first()
    {
        var queue = new ServerQueue(servers: 2);

        double?[] ends = [queue.Enter(0, 3), queue.Enter(0, 1), queue.Enter(0.5, 1), queue.Enter(0.5, 1, patience: 1), queue.Enter(0.5, 1), queue.Enter(10, 1)];

        Assert.Equal([3, 1, 2, null, 3, 11], ends);
    }

    [Fact]
    public void An_idle_cluster_takes_clients_after_their_first_wait_and_the_service()
    {
        var away = Return(clients: 1_000, nodeService: 0.001, out var failed);

        Assert.Equal(0, failed);
        Assert.InRange(away[0], 0.25, 0.75 + (1_000 * 0.001));
        Assert.InRange(away[^1], 0.25, 0.75 + (1_000 * 0.001));
    }

    // A thousand at a tenth of a second each on two cores: fifty seconds of work, where a client waits for fifteen.
    [Fact]
    public void A_cluster_that_is_too_slow_is_busy_until_all_are_served_and_clients_give_up_meanwhile()
    {
        var away = Return(clients: 1_000, nodeService: 0.1, out var failed);

        Assert.True(failed > 0);
        Assert.True(away[^1] >= 1_000 * 0.1 / 2, $"the last was away for {away[^1]} s");
    }

    [Fact]
    public void A_seed_decides_all_of_it() => Assert.Equal(Return(2_000, 0.002, out _), Return(2_000, 0.002, out _));

    [Fact]
    public void Twice_the_sockets_are_twice_the_work_and_no_more_nodes_than_limits_ask_for()
    {
        var input = ScaleFiles.Read(_folder);
        var (one, two) = (new Fleet(input, 1_000_000, 15_000), new Fleet(input, 2_000_000, 15_000));

        Assert.Equal(2, two.RealtimeCores / one.RealtimeCores, 0.001);

        // A tenth of the places is kept for operators: 1,000,000 / 13,500.
        Assert.Equal(75, one.NodesForSockets);
        Assert.True((one.Nodes - one.Spare) * 13_500L >= one.Sockets);
        Assert.True(one.RedisLoad <= input.Assumed.Utilisation);
    }

    private static double[] Return(int clients, double nodeService, out int failed)
    {
        var returning = new ReturningClients(seed: 7, clients, nodes: 1, cores: 2, shards: 1) { Service = (nodeService, 0) };
        for (var i = 0; i < clients; i++)
        {
            returning.Lose(i, at: 0);
        }

        var away = returning.Run();
        failed = returning.Failed;
        return away;
    }
}
