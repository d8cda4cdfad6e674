using System.Diagnostics;
using ReplyX.Client;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests.Load;

/// <summary>
/// docs/perf/k6_widget_websocket.js in short, and without k6: the same stages, the same visitors, the same thresholds, on two replicas.
/// </summary>
[Collection(WholeClusters.Name)]
public sealed class WidgetLoadTests
{
    private const int Visitors = 15;

    private static readonly LoadStages _stages = new(
        (TimeSpan.FromSeconds(3), Visitors), // ramp
        (TimeSpan.FromSeconds(6), Visitors), // hold
        (TimeSpan.FromSeconds(1), 2 * Visitors), // to the peak
        (TimeSpan.FromSeconds(4), 2 * Visitors), // peak
        (TimeSpan.FromSeconds(3), 0)); // down

    [Fact]
    public async Task Under_load_visitors_get_in_and_every_message_is_in_every_tab_once_and_in_order()
    {
        RequiredTool.Path("redis-server");
        var random = Seed.Random();
        await using var cluster = await RecordedCluster.StartAsync(RedisKind.Redis);
        using var http = new HttpClient { BaseAddress = cluster.ApiProxy.Address };
        var api = new ReplyXApiClient(http);
        var anna = new OperatorSession(api, (await api.SignInAsync("anna@demo.replyx.dev", cluster.OperatorPassword)).Require());
        var siteToken = (await anna.GetSiteTokenAsync("demo")).Require();

        var result = new LoadResult();
        var stop = TestTimeout.Token(2 * TestTimeout.Default);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(_stages.Visits().Select((visit, i) =>
            new LoadVisitor(i, api, i % 2 == 0 ? null : siteToken, new Random(random.Next()), result).VisitAsync(visit.From, visit.Until, clock, stop)));

        // Latency is told and not judged: how fast this machine is says nothing of the code.
        TestContext.Current.TestOutputHelper!.WriteLine(result.ToString());
        Assert.True(result.Findings.IsEmpty, $"{result}\n{string.Join('\n', result.Findings.Take(10))}");
        Assert.True(result.ConnectRate >= 0.95, result.ToString());
        Assert.True(result.Delivered > 0, result.ToString());
    }

    [Fact]
    public void The_stages_rise_to_the_peak_and_fall_again()
    {
        var visits = _stages.Visits().ToList();

        Assert.Equal(2 * Visitors, visits.Count);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15.5)), visits[Visitors - 1]);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(14)), visits[^1]);
    }
}
