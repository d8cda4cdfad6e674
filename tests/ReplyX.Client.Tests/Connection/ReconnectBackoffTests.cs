namespace ReplyX.Client.Tests.Connection;

public sealed class ReconnectBackoffTests
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(15);

    [Fact]
    public void Every_Wait_Lies_Between_The_Shortest_And_Three_Times_The_Last_And_Under_The_Cap()
    {
        var seed = Environment.TickCount;
        for (var run = 0; run < 200; run++)
        {
            var backoff = new ReconnectBackoff(_shortest, _longest, new Random(seed + run));
            var previous = _shortest;
            for (var i = 0; i < 40; i++)
            {
                var wait = backoff.Next();
                Assert.True(wait >= _shortest && wait <= _longest && wait <= (previous * 3) + TimeSpan.FromMilliseconds(1), $"seed {seed + run}, wait {i}: {wait} after {previous}");
                previous = wait;
            }
        }
    }

    [Fact]
    public void Waits_Grow_And_Reach_Near_The_Cap()
    {
        var seed = Environment.TickCount;
        var tenth = Enumerable.Range(0, 400)
            .Select(run => new ReconnectBackoff(_shortest, _longest, new Random(seed + run)))
            .Select(b => Enumerable.Range(0, 10).Select(_ => b.Next()).ToList()[^1])
            .ToList();

        Assert.True(tenth.Average(w => w.TotalSeconds) > 2, $"seed {seed}: the tenth wait is {tenth.Average(w => w.TotalSeconds)} s on average");
        Assert.True(tenth.Max() > TimeSpan.FromSeconds(12), $"seed {seed}: no tenth wait came near the cap");
    }

    [Fact]
    public void Clients_Cut_Off_Together_Come_Back_Apart()
    {
        var seed = Environment.TickCount;
        var firsts = Enumerable.Range(0, 300).Select(run => new ReconnectBackoff(_shortest, _longest, new Random(seed + run)).Next()).ToList();

        // 250 to 750 ms in five slots: an even spread puts 60 in each.
        var fullest = firsts.GroupBy(w => (int)((w - _shortest).TotalMilliseconds / 100)).Max(g => g.Count());
        Assert.True(fullest < 110, $"seed {seed}: {fullest} of 300 came back within 100 ms");
    }

    [Fact]
    public void A_Reset_Starts_Again_At_The_Shortest()
    {
        var backoff = new ReconnectBackoff(_shortest, _longest, new Random(7));
        for (var i = 0; i < 20; i++)
        {
            backoff.Next();
        }

        backoff.Reset();

        Assert.True(backoff.IsFresh);
        Assert.True(backoff.Next() <= _shortest * 3);
        Assert.False(backoff.IsFresh);
    }
}
