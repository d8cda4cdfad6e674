using ReplyX.Realtime.Connections;
using ReplyX.Realtime.WebSockets;
using ReplyX.Testing;

namespace ReplyX.Realtime.Tests.Connections;

public sealed class OutboundQueueTests
{
    private static readonly OutboundFrame _frame = OutboundFrame.Text("0123456789"u8);
    private static readonly OutboundFrame _close = OutboundFrame.Close(CloseCode.ServiceRestart, "");

    [Fact]
    public void It_is_bounded_by_frames()
    {
        var queue = new OutboundQueue(maxFrames: 3, maxBytes: 1_000);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(EnqueueResult.Added, queue.TryAdd(_frame));
        }

        Assert.Equal(EnqueueResult.Overflow, queue.TryAdd(_frame));
        Assert.Equal(3, queue.Exchange([]).Count);
        Assert.Equal(EnqueueResult.Added, queue.TryAdd(_frame));
    }

    [Fact]
    public void It_is_bounded_by_bytes()
    {
        var queue = new OutboundQueue(maxFrames: 100, maxBytes: 30);

        Assert.Equal(EnqueueResult.Added, queue.TryAdd(_frame));
        Assert.Equal(EnqueueResult.Added, queue.TryAdd(_frame));
        Assert.Equal(EnqueueResult.Overflow, queue.TryAdd(_frame));
    }

    [Fact]
    public void The_last_frame_finds_room_in_a_full_queue_and_nothing_follows_it()
    {
        var queue = new OutboundQueue(maxFrames: 1, maxBytes: 1_000);
        queue.TryAdd(_frame);

        Assert.True(queue.Finish(_close, drop: false));
        Assert.False(queue.Finish(_close, drop: true));
        Assert.Equal(EnqueueResult.Closed, queue.TryAdd(_frame));
        Assert.Equal([_frame, _close], queue.Exchange([]));
    }

    [Fact]
    public void A_dropping_end_leaves_the_last_frame_alone()
    {
        var queue = new OutboundQueue(maxFrames: 10, maxBytes: 1_000);
        queue.TryAdd(_frame);
        queue.Finish(_close, drop: true);

        Assert.Equal([_close], queue.Exchange([]));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_a_frame_and_by_abandonment()
    {
        var queue = new OutboundQueue(maxFrames: 10, maxBytes: 1_000);
        var waiting = queue.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        queue.TryAdd(_frame);
        Assert.True(await waiting.Within("the frame"));

        queue.Exchange([]);
        var again = queue.WaitAsync().AsTask();
        queue.Abandon();
        Assert.False(await again.Within("the abandonment"));
        Assert.False(await queue.WaitAsync());
    }

    [Fact]
    public async Task Nothing_is_lost_between_one_writer_and_many_that_add()
    {
        const int each = 20_000;
        const int adders = 4;
        var queue = new OutboundQueue(int.MaxValue, int.MaxValue);
        var adding = Enumerable.Range(0, adders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                queue.TryAdd(_frame);
            }
        }, TestTimeout.Token())).ToArray();

        var taken = 0;
        var writing = Task.Run(async () =>
        {
            while (taken < each * adders && await queue.WaitAsync())
            {
                taken += queue.Exchange([]).Count;
            }
        }, TestTimeout.Token());
        await Task.WhenAll(adding);
        await writing.Within("every frame to be taken");

        Assert.Equal(each * adders, taken);
    }
}
