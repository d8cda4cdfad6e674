using ReplyX.Bench.Load;

namespace ReplyX.Bench.Tests;

public sealed class DeliveryWindowTests
{
    [Fact]
    public void Deliveries_in_another_order_than_sent_are_complete()
    {
        var window = default(DeliveryWindow);
        foreach (var number in (ReadOnlySpan<long>)[2, 0, 1, 4, 3])
        {
            Assert.True(window.TryTake(number));
        }

        Assert.Equal(0, window.Missing(sent: 5));
    }

    [Fact]
    public void A_delivery_that_comes_twice_is_told_whether_later_ones_came_or_not()
    {
        var window = default(DeliveryWindow);
        Assert.True(window.TryTake(0));
        Assert.True(window.TryTake(2));
        Assert.False(window.TryTake(0));
        Assert.False(window.TryTake(2));
    }

    [Fact]
    public void What_did_not_come_is_missing()
    {
        var window = default(DeliveryWindow);
        window.TryTake(0);
        window.TryTake(2);
        Assert.Equal(2, window.Missing(sent: 4));
    }

    [Fact]
    public void A_hole_that_64_later_messages_did_not_fill_ends_the_measurement()
    {
        var window = default(DeliveryWindow);
        Assert.Throws<BenchException>(() => window.TryTake(Room.MaxInFlight));
    }
}
