using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

/// <summary>The proof that nothing is lost, a minute long; REPLYX_RECORDER_DURATION makes it longer, REPLYX_SEED repeats a run.</summary>
[Collection(WholeClusters.Name)]
public sealed class RecordingTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Every_acknowledged_event_reaches_every_watcher_once_and_in_order_whatever_fails(RedisKind redis)
    {
        if (redis == RedisKind.Redis)
        {
            RequiredTool.Path("redis-server");
        }

        var options = new RecorderOptions { Redis = redis, Seed = Seed.Random().Next(), Duration = Duration() };

        var report = await Recording.RunAsync(options, line => TestContext.Current.TestOutputHelper!.WriteLine(line));

        Assert.True(report.IsGood, string.Join('\n', report.Lines()));
    }

    private static TimeSpan Duration() =>
        TimeSpan.TryParse(Environment.GetEnvironmentVariable("REPLYX_RECORDER_DURATION"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : new RecorderOptions().Duration;
}
