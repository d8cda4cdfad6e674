using Microsoft.Extensions.Time.Testing;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.ServiceDefaults.Tests.Edge;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();
    private TokenBucket _bucket = new(perSecond: 2, burst: 3);

    [Fact]
    public void A_burst_passes_at_once_and_then_what_comes_back()
    {
        Assert.True(_bucket.IsFull(_time));
        Assert.True(TakeAll(3));
        Assert.False(_bucket.TryTake(_time, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);

        _time.Advance(wait);
        Assert.True(TakeAll(1));
        Assert.False(_bucket.TryTake(_time));
    }

    [Fact]
    public void It_holds_no_more_than_a_burst_however_long_it_rests()
    {
        Assert.True(TakeAll(3));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(_bucket.IsFull(_time));
        Assert.True(TakeAll(3));
        Assert.False(_bucket.TryTake(_time));
    }

    [Fact]
    public void A_refunded_token_can_be_taken_again()
    {
        Assert.True(TakeAll(3));
        _bucket.Refund();
        Assert.True(TakeAll(1));
        Assert.False(_bucket.TryTake(_time));
    }

    private bool TakeAll(int tokens)
    {
        for (var i = 0; i < tokens; i++)
        {
            if (!_bucket.TryTake(_time))
            {
                return false;
            }
        }

        return true;
    }
}
