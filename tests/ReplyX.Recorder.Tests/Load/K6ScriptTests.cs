using System.Diagnostics;
using ReplyX.Client;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests.Load;

/// <summary>The load test for k6, where k6 is not to be had: by k6's types, and by what it does on a stand-in for k6.</summary>
[Collection(WholeClusters.Name)]
public sealed class K6ScriptTests
{
    private const double CutShare = 0.05;

    private static readonly TimeSpan _betweenCuts = TimeSpan.FromSeconds(1);

    private static readonly string _folder = Repository.File("eng", "k6");
    private static readonly string _script = Repository.File("docs", "perf", "k6_widget_websocket.js");

    [Fact]
    public async Task It_is_written_as_the_types_of_k6_want()
    {
        await NodePackages.InstallAsync(_folder);

        var (exitCode, output) = await NodePackages.RunAsync(_folder, "check");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Its_thresholds_are_met_by_a_cluster_that_delivers_even_if_sockets_are_cut()
    {
        RequiredTool.Path("redis-server");
        await NodePackages.InstallAsync(_folder);
        await using var cluster = await RecordedCluster.StartAsync(RedisKind.Redis);

        using var over = new CancellationTokenSource();
        var cutting = CutAsync(cluster.Proxy, Seed.Random(), over.Token);
        var thresholds = await RunAsync(cluster);
        await over.CancelAsync();
        await cutting;

        // Latency is told and not judged: the stand-in does everything on one thread.
        Assert.Equal(7, thresholds.Count);
        Assert.All(
            thresholds.Where(line => !line.Contains(" delivery_latency ", StringComparison.Ordinal)),
            line => Assert.StartsWith("passed ", line, StringComparison.Ordinal));
        Assert.True(cluster.Proxy.Cuts > 0, "nothing was cut");
    }

    private static async Task CutAsync(FaultProxy proxy, Random random, CancellationToken over)
    {
        using var timer = new PeriodicTimer(_betweenCuts);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                proxy.Cut(random, CutShare);
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    /// <summary>Runs it in short on the stand-in.</summary>
    /// <returns>A line for each threshold.</returns>
    private static async Task<List<string>> RunAsync(RecordedCluster cluster)
    {
        using var http = new HttpClient { BaseAddress = cluster.ApiProxy.Address };
        var api = new ReplyXApiClient(http);
        var anna = new OperatorSession(api, (await api.SignInAsync("anna@demo.replyx.dev", cluster.OperatorPassword)).Require());
        var start = new ProcessStartInfo(RequiredTool.Path("node"), [Path.Combine(_folder, "stand-in", "run.mjs"), _script]);
        start.Environment["API_URL"] = cluster.ApiProxy.Address.ToString();
        start.Environment["SITE_TOKEN"] = (await anna.GetSiteTokenAsync("demo")).Require();
        start.Environment["SCALE"] = "0.1";
        start.Environment["TIME_SCALE"] = "0.03";

        var (_, output) = await Command.RunAsync(start, 2 * TestTimeout.Default);

        TestContext.Current.TestOutputHelper!.WriteLine(output);
        return [.. output.Split('\n').Where(line => line.StartsWith("passed ", StringComparison.Ordinal) || line.StartsWith("failed ", StringComparison.Ordinal))];
    }
}
