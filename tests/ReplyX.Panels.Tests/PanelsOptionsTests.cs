namespace ReplyX.Panels.Tests;

public sealed class PanelsOptionsTests
{
    [Fact]
    public void Every_option_is_read()
    {
        var (options, error) = PanelsOptions.Parse(
        [
            "--prometheus", "http://metrics:9090/prefix", "--dashboard", "overview", "--dashboard", "node", "--from", "2026-01-02T03:04", "--to", "2026-01-02 05:00+01:00",
            "--step", "1m30s", "--var", "instance=a=b", "--var", "instance=c", "--out", "x", "--format", "svg",
        ]);

        Assert.Null(error);
        Assert.Equal("http://metrics:9090/prefix/", options!.Prometheus.AbsoluteUri);
        Assert.Equal(["overview", "node"], options.Dashboards);
        Assert.Equal(new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero), options.From);
        Assert.Equal(new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), options.To);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Step);
        Assert.Equal(["a=b", "c"], options.Variables["instance"]);
        Assert.Equal(("x", OutputFormat.Svg), (options.Out, options.Format));
    }

    [Theory]
    [InlineData("--prometheus", "localhost")]
    [InlineData("--prometheus", "ftp://localhost")]
    [InlineData("--last", "15")]
    [InlineData("--last", "0s")]
    [InlineData("--step", "-5s")]
    [InlineData("--from", "yesterday")]
    [InlineData("--var", "=x")]
    [InlineData("--format", "png")]
    [InlineData("--colour", "red")]
    [InlineData("--last")]
    [InlineData("--step", "5s", "--step", "6s")]
    [InlineData("--last", "5m", "--from", "2026-01-01")]
    [InlineData("--from", "2026-01-02", "--to", "2026-01-01")]
    public void What_is_not_valid_is_named(params string[] arguments)
    {
        var (options, error) = PanelsOptions.Parse(arguments);

        Assert.Null(options);
        Assert.StartsWith(arguments[0] == "--last" && arguments.Length == 4 ? "--last and --from" : arguments[0], error, StringComparison.Ordinal);
    }
}
