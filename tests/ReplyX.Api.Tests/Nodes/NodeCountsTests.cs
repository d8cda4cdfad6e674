using ReplyX.Api.Nodes;

namespace ReplyX.Api.Tests.Nodes;

public sealed class NodeCountsTests
{
    [Fact]
    public void The_named_series_are_read_whatever_their_labels_and_everything_else_is_passed_over()
    {
        var counts = NodeCounts.Read("""
            # TYPE websocket_messages_sent_total counter
            websocket_messages_sent_total{type="widget"} 40
            websocket_messages_sent_total{type="a } in a label",other="x"} 2 1700000000000
            websocket_messages_sent_totals 7
            websocket_messages_sent_total_created{type="widget"} 8
            websocket_connection_errors_total{error_type="auth"} 3
            websocket_connection_errors_total{error_type="origin"} 1.5E+1
            websocket_delivery_duration_seconds_bucket{type="widget",le="0.005"} 4
            websocket_delivery_duration_seconds_bucket{le="0.005",type="site"} 6
            websocket_delivery_duration_seconds_bucket{type="widget",le="+Inf"} 20
            websocket_delivery_duration_seconds_sum{type="widget"} 99
            other_total 1
            """);

        Assert.Equal((42, 18), (counts.MessagesSent, counts.Errors));
        Assert.Equal(new Dictionary<double, double> { [0.005] = 10, [double.PositiveInfinity] = 20 }, counts.Buckets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>websocket_messages_sent_total</html>")]
    [InlineData("websocket_messages_sent_total{type=\"widget\" 4")]
    [InlineData("websocket_messages_sent_total{} NaN")]
    [InlineData("websocket_messages_sent_total four")]
    [InlineData("websocket_messages_sent_total")]
    [InlineData("websocket_delivery_duration_seconds_bucket{le=\"x\"} 4")]
    [InlineData("websocket_delivery_duration_seconds_bucket{le=\"} 4")]
    [InlineData("\0\0\0")]
    public void Garbage_is_nothing(string text)
    {
        var counts = NodeCounts.Read(text);
        Assert.Equal((0, 0, null), (counts.MessagesSent, counts.Errors, counts.Quantile(null, 0.5)));
    }

    [Fact]
    public void Quantiles_are_those_of_what_came_in_between()
    {
        var before = Counts((0.01, 100), (0.1, 100), (double.PositiveInfinity, 100));
        var after = Counts((0.01, 110), (0.1, 118), (double.PositiveInfinity, 120));

        Assert.Equal(0.01, after.Quantile(before, 0.5)!.Value, 6);
        Assert.Equal(0.1, after.Quantile(before, 0.99)!.Value, 6);
        Assert.Equal(0.005, Counts((0.01, 10), (double.PositiveInfinity, 10)).Quantile(null, 0.5)!.Value, 6);
        Assert.Null(after.Quantile(after, 0.5));
    }

    private static NodeCounts Counts(params (double Bound, double Count)[] buckets) =>
        new(0, 0, buckets.ToDictionary(bucket => bucket.Bound, bucket => bucket.Count));
}
