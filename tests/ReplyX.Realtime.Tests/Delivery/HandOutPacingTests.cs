using ReplyX.Realtime.Delivery;

namespace ReplyX.Realtime.Tests.Delivery;

public sealed class HandOutPacingTests
{
    [Fact]
    public void The_first_hand_out_waits_for_nothing() => Assert.Equal(TimeSpan.Zero, default(HandOutPacing).WaitFor(1));

    [Theory]
    [InlineData(1, 5.0, 0.0)] // One event at a time.
    [InlineData(8, 0.2, 0.0)] // A small room.
    [InlineData(8, 1.9, 0.0)]
    [InlineData(8, 3.0, 1.5)]
    [InlineData(8, 5.0, 2.0)] // Never so long that people notice.
    [InlineData(8, 500.0, 2.0)]
    public void It_goes_by_what_the_last_hand_out_took(int events, double took, double wait)
    {
        var pacing = default(HandOutPacing);
        pacing.OnHandedOut(events, TimeSpan.FromMilliseconds(took));

        Assert.Equal(TimeSpan.FromMilliseconds(wait), pacing.WaitFor(1));
    }

    [Fact]
    public void After_a_burst_it_waits_once()
    {
        var pacing = default(HandOutPacing);
        pacing.OnHandedOut(8, TimeSpan.FromMilliseconds(5));
        pacing.OnHandedOut(1, TimeSpan.FromMilliseconds(5));

        Assert.Equal(TimeSpan.Zero, pacing.WaitFor(1));
    }

    [Fact]
    public void What_is_many_waits_for_no_more()
    {
        var pacing = default(HandOutPacing);
        pacing.OnHandedOut(8, TimeSpan.FromMilliseconds(5));

        Assert.Equal(TimeSpan.Zero, pacing.WaitFor(HandOutPacing.MaxEvents));
    }
}
