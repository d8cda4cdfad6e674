using System.Globalization;
using ReplyX.Recorder.Chaos;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

/// <summary>The proof that nothing is lost, a minute long; REPLYX_RECORDER_DURATION makes it longer, REPLYX_SEED repeats a run.</summary>
[Collection(WholeClusters.Name)]
public sealed class RecordingTests
{
    [Theory]
    [InlineData(RedisKind.Redis, true)]
    [InlineData(RedisKind.Garnet, false)]
    public async Task Every_acknowledged_event_reaches_every_watcher_once_and_in_order_whatever_fails(RedisKind redis, bool spread)
    {
        if (redis == RedisKind.Redis)
        {
            RequiredTool.Path("redis-server");
        }

        var options = new RecorderOptions { Redis = redis, Spread = spread, Seed = Seed.Random().Next(), Duration = Duration() };

        var report = await Recording.RunAsync(options, line => TestContext.Current.TestOutputHelper!.WriteLine(line));

        Assert.True(report.IsGood, string.Join('\n', report.Lines()));
    }

    /// <summary>What only a cluster has, each once and the reshard of a few slots: some 20 s. All of it is for runs by hand.</summary>
    [Fact]
    public async Task On_a_cluster_what_a_killed_master_had_alone_is_told_and_all_else_reaches_every_watcher()
    {
        RequiredTool.Path("redis-server");
        RequiredTool.Path("redis-cli");
        var options = new RecorderOptions
        {
            Redis = RedisKind.Cluster,
            Seed = Seed.Random().Next(),
            Duration = AskedDuration() ?? TimeSpan.FromSeconds(1),
            Faults = AskedDuration() is null ? [FaultKind.MasterKill, FaultKind.Reshard, FaultKind.Partition] : FaultSchedule.KindsOn(RedisKind.Cluster),
            ReshardShare = AskedDuration() is null ? 0.05 : 0.5,
        };

        var report = await Recording.RunAsync(options, line => TestContext.Current.TestOutputHelper!.WriteLine(line));

        Assert.True(report.IsGood, string.Join('\n', report.Lines()));
    }

    private static TimeSpan Duration() => AskedDuration() ?? new RecorderOptions().Duration;

    private static TimeSpan? AskedDuration() =>
        TimeSpan.TryParse(Environment.GetEnvironmentVariable("REPLYX_RECORDER_DURATION"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : null;
}
