using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Tests.Dashboards;

public sealed class VariablesTests
{
    private static readonly GrafanaVariable _several = new("instance", "query", IncludeAll: true, Multi: true);
    private static readonly GrafanaVariable _single = new("instance", "query");

    [Theory]
    [InlineData(30, "rate(x[$__rate_interval])", "rate(x[35s])")]
    [InlineData(5, "rate(x[$__rate_interval])", "rate(x[20s])")]
    [InlineData(30, "rate(x[${__interval}])", "rate(x[30s])")]
    [InlineData(30, "x[$__range]", "x[3600s]")]
    [InlineData(30, "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")", "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")")]
    public void What_depends_on_the_range_is_put_in(int step, string query, string expected)
    {
        var variables = new Variables([], new Dictionary<string, IReadOnlyList<string>>()).In(new(0, 3600, TimeSpan.FromSeconds(step)), TimeSpan.FromSeconds(5));
        Assert.Equal(expected, variables.InQuery(query));
    }

    [Fact]
    public void Without_a_value_a_variable_stands_for_all() => Assert.Equal("x{i=~\".*\"} all", Of(_several, "x{i=~\"$instance\"}") + " " + new Variables([_several], Given()).InText("$instance"));

    [Theory]
    [InlineData("$instance")]
    [InlineData("${instance}")]
    [InlineData("${instance:regex}")]
    [InlineData("[[instance]]")]
    public void Several_values_are_a_pattern_that_matches_just_them(string reference)
        => Assert.Equal("x{i=~\"(10\\\\.0\\\\.0\\\\.1:80|b)\"}", Of(_several, $"x{{i=~\"{reference}\"}}", "10.0.0.1:80", "b"));

    [Fact]
    public void A_value_of_a_variable_that_has_only_one_stays_as_it_is()
        => Assert.Equal("x{i=\"10.0.0.1:80\"}", Of(_single, "x{i=\"$instance\"}", "10.0.0.1:80"));

    [Fact]
    public void A_value_cannot_leave_its_quotes() => Assert.Equal("x{i=\"a\\\"} or vector(1) #\"}", Of(_single, "x{i=\"$instance\"}", "a\"} or vector(1) #"));

    private static string Of(GrafanaVariable variable, string query, params string[] values) => new Variables([variable], Given(values)).InQuery(query);

    private static Dictionary<string, IReadOnlyList<string>> Given(params string[] values) => values.Length == 0 ? [] : new() { ["instance"] = values };
}
