using ReplyX.Bench.Results;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_goal_is_a_ratio_of_medians()
    {
        var results = Results(
            Measured("signalr", 1, ("server", 10)), Measured("signalr", 2, ("server", 20)), Measured("signalr", 3, ("server", 90)),
            Measured("replyx", 1, ("realtime", 4), ("api", 50), ("redis", 5)),
            Measured("replyx", 2, ("realtime", 5), ("api", 50), ("redis", 5)),
            Measured("replyx", 3, ("realtime", 60), ("api", 50), ("redis", 5)));

        var goal = Goal.All.Single(goal => goal.What.StartsWith(AllScenarios.Rooms + ": a delivery", StringComparison.Ordinal));
        Assert.Equal(0.25, goal.Reached(results));
        Assert.Contains("| rooms: a delivery | CPU of Realtime alone, to SignalR | ≤ 0.42 | 0.25 | yes |", MarkdownReport.Whole(results), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_is_said_to_be_so()
    {
        var results = Results(Measured("replyx", 1, ("realtime", 4), ("api", 50), ("redis", 5)));
        Assert.All(Goal.All, goal => Assert.Null(goal.Reached(results)));
        Assert.Contains("not measured", MarkdownReport.Whole(results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_delivery_stands_on_the_page()
    {
        var results = Results(Measured("signalr", 1, ("server", 10)) with { Missing = 3, Duplicates = 1 });
        Assert.Contains("round 1, rooms, signalr: 3 missing, 1 twice", MarkdownReport.Whole(results), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_is_well_formed()
    {
        var results = Results(Measured("signalr", 1, ("server", 10)), Measured("replyx", 1, ("realtime", 4), ("api", 50), ("redis", 5)));
        var root = System.Xml.Linq.XDocument.Parse(RatioChart.Draw(results)).Root;
        Assert.Equal("svg", root?.Name.LocalName);
        Assert.Contains("5.90", root!.Value, StringComparison.Ordinal);
    }

    private static BenchResults Results(params IEnumerable<Measurement> measurements) => new()
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
        Peers = ["signalr", "replyx"],
        Scenarios = [AllScenarios.Rooms],
        Skipped = new Dictionary<string, string>(),
        Measurements = [.. measurements],
    };

    private static Measurement Measured(string peer, int round, params IEnumerable<(string Process, double Cpu)> cpu) => new()
    {
        Scenario = AllScenarios.Rooms,
        Peer = peer,
        Round = round,
        Seconds = 1,
        Operations = 1,
        CpuMicroseconds = cpu.ToDictionary(part => part.Process, part => part.Cpu),
        ClientCores = 0,
        Missing = 0,
        Duplicates = 0,
    };
}
