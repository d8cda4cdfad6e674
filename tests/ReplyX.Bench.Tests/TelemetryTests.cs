using System.Xml.Linq;
using ReplyX.Bench.Results;
using ReplyX.Bench.Telemetry;
using ReplyX.Testing;

namespace ReplyX.Bench.Tests;

public sealed class TelemetryTests
{
    private static readonly string _folder = Repository.File("docs", "perf");

    [Fact]
    public void The_page_and_the_picture_are_what_the_command_makes_of_the_results()
    {
        var results = TelemetryFiles.Read(_folder);

        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "telemetry.md")), TelemetryPage.Whole(results));
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "telemetry.svg")), TelemetryChart.Draw(results));
    }

    // Rounds of 1.02, 1.01 and 2.00; the blocks of the first one have 1.00 and 1.04, which weigh the same.
    [Fact]
    public void What_is_judged_is_the_median_of_the_rounds_and_a_round_is_all_its_blocks()
    {
        var results = Results(
            Message("nothing", 1, 1, api: 90, realtime: 10), Message("metrics", 1, 1, api: 90, realtime: 10),
            Message("nothing", 1, 2, api: 90, realtime: 10), Message("metrics", 1, 2, api: 92, realtime: 12),
            Message("nothing", 2, 1, api: 90, realtime: 10), Message("metrics", 2, 1, api: 90, realtime: 11),
            Message("nothing", 3, 1, api: 90, realtime: 10), Message("metrics", 3, 1, api: 180, realtime: 20));

        var goal = TelemetryGoal.All.Single(goal => goal is { Load.Name: "message", Configuration: "metrics" });

        Assert.Equal([1.01, 1.02, 2], goal.Ratios(results), (one, other) => Math.Abs(one - other) < 1e-9);
        Assert.Equal(1.02, goal.Reached(results)!.Value, 1e-9);
        Assert.Contains("| metrics / nothing, CPU a message | ≤ 1.03 | 1.020 | 1.010 – 2.000 | 2 of 3 | met |", TelemetryPage.Whole(results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_goal_that_is_missed_or_was_not_measured_is_said_to_be_so()
    {
        var page = TelemetryPage.Whole(Results(Message("metrics", 1, 1, api: 90, realtime: 10), Message("everything", 1, 1, api: 94, realtime: 10)));

        Assert.Contains("| everything / metrics, CPU a message | ≤ 1.03 | 1.040 | 1.040 – 1.040 | 0 of 1 | not met |", page, StringComparison.Ordinal);
        Assert.Contains("| metrics / nothing, CPU a message | ≤ 1.03 | not measured |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_holds_rounds_far_from_the_goal_too()
    {
        var drawn = XDocument.Parse(TelemetryChart.Draw(Results(Message("nothing", 1, 1, api: 10, realtime: 0), Message("metrics", 1, 1, api: 30, realtime: 0))));

        var width = double.Parse(drawn.Root!.Attribute("viewBox")!.Value.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        var point = drawn.Descendants().Single(element => element.Name.LocalName == "circle");
        Assert.InRange((double)point.Attribute("cx")!, 0, width);
        Assert.Contains("3.000", drawn.Root.Value, StringComparison.Ordinal);
    }

    // A resource with two scopes: one of two spans and a name, one of a single span. Beside them fields of every other wire type.
    [Fact]
    public void A_collector_counts_spans_and_nothing_else()
    {
        byte[] first = [.. Field(1, [0x0a, 0x01, 0x61]), .. Field(2, [0x0a, 0x00]), .. Field(2, new byte[200])];
        byte[] second = [.. Field(2, [0x08, 0x96, 0x01]), 0x18, 0x96, 0x01, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2d, 1, 2, 3, 4];
        byte[] resource = [.. Field(1, [0x12, 0x00]), .. Field(2, first), .. Field(2, second)];

        Assert.Equal(3, OtlpItems.Count(Field(1, resource)));
        Assert.Equal(0, OtlpItems.Count([]));
    }

    [Fact]
    public void Without_telemetry_nothing_is_left_to_the_environment_that_the_benchmark_runs_in()
    {
        var settings = TelemetryConfiguration.All.Single(configuration => configuration.Name == "nothing").Settings("a token", new Uri("http://127.0.0.1:1/"));

        Assert.Equal("true", settings["OTEL_SDK_DISABLED"]);
        Assert.Equal("", settings["OTEL_EXPORTER_OTLP_ENDPOINT"]);
    }

    private static byte[] Field(int number, byte[] content) => content.Length < 0x80
        ? [(byte)((number << 3) | 2), (byte)content.Length, .. content]
        : [(byte)((number << 3) | 2), (byte)((content.Length & 0x7f) | 0x80), (byte)(content.Length >> 7), .. content];

    private static TelemetryResults Results(params IEnumerable<TelemetrySlice> slices) => new()
    {
        Environment = new RunEnvironment
        {
            Command = "bench",
            At = DateTimeOffset.UnixEpoch,
            Rounds = 3,
            Scale = 1,
            IsSmoke = false,
            Processor = "a processor",
            Cores = 2,
            System = "Linux",
            Runtime = ".NET",
            LoadAtStart = 0,
        },
        Seed = 1,
        Slices = [.. slices],
    };

    private static TelemetrySlice Message(string configuration, int round, int block, double api, double realtime) => new()
    {
        Load = "message",
        Configuration = configuration,
        Round = round,
        Block = block,
        Seconds = 5,
        Operations = 1_000,
        Messages = 1_000,
        CpuMicroseconds = new Dictionary<string, double> { ["api"] = api, ["realtime"] = realtime, ["redis"] = 0 },
        ClientCores = 0.5,
    };
}
