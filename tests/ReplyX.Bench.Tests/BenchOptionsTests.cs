namespace ReplyX.Bench.Tests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Compare_takes_everything_three_times()
    {
        var (options, error) = BenchOptions.Parse(["compare"]);
        Assert.Null(error);
        Assert.Equal((3, 1), (options!.Rounds, options.Scale));
        Assert.Contains(options.Peers, peer => peer.Name == "signalr");
        Assert.Contains(options.Scenarios, scenario => scenario.Name == "herd");
    }

    [Fact]
    public void A_smoke_run_never_writes_where_results_are_kept()
    {
        var (options, _) = BenchOptions.Parse(["compare", "--smoke", "yes"]);
        Assert.EndsWith(Path.Combine("artifacts", "bench"), options!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Telemetry_takes_five_rounds_and_is_written_where_results_are_kept()
    {
        var (options, error) = BenchOptions.Parse(["telemetry", "--seed", "7"]);
        Assert.Null(error);
        Assert.Equal((5, 7, false), (options!.Rounds, options.Seed, options.IsSmoke));
        Assert.EndsWith(Path.Combine("docs", "perf"), options.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telemetry --short --rounds 2 --seed 7")]
    [InlineData("telemetry --seed 7 --smoke yes --rounds 2")]
    public void A_short_run_is_one_that_only_tries_it_out(string commandLine)
    {
        var (options, error) = BenchOptions.Parse(commandLine.Split(' '));
        Assert.Null(error);
        Assert.Equal((2, 7, true), (options!.Rounds, options.Seed, options.IsSmoke));
        Assert.EndsWith(Path.Combine("artifacts", "bench"), options.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scale")]
    [InlineData("constants --from artifacts/bench/compare.json")]
    public void What_is_made_of_results_is_written_where_they_are_kept(string commandLine)
    {
        var (options, error) = BenchOptions.Parse(commandLine.Split(' '));
        Assert.Null(error);
        Assert.EndsWith(Path.Combine("docs", "perf"), options!.Output, StringComparison.Ordinal);
        Assert.EndsWith("compare.json", options.From, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("race")]
    [InlineData("compare --peers nobody")]
    [InlineData("compare --rounds 0")]
    [InlineData("compare --scale")]
    [InlineData("compare --smoke no")]
    [InlineData("telemetry --seed -1")]
    [InlineData("telemetry --short --rounds")]
    public void What_makes_no_sense_is_refused(string commandLine)
    {
        var (options, error) = BenchOptions.Parse(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(options);
        Assert.NotNull(error);
    }
}
