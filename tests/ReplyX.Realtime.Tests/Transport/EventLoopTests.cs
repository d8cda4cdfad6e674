using Microsoft.Extensions.Logging.Abstractions;
using ReplyX.Realtime.Transport;
using ReplyX.Testing;

namespace ReplyX.Realtime.Tests.Transport;

public sealed class EventLoopTests
{
    [Fact]
    public async Task What_is_due_happens_though_the_alarm_rings_early()
    {
        var time = new EarlyTime();
        using var loop = new Loop(time);
        loop.Start();
        var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await loop.InvokeAsync(() => loop.Schedule(TimeSpan.FromMilliseconds(300), happened.SetResult));

        await happened.Task.Within("what was due");
        Assert.True(time.Alarms > 1, "The alarm did not ring early.");
    }

    [Fact]
    public async Task What_was_posted_and_what_is_due_come_in_order_and_a_failure_ends_nothing()
    {
        using var loop = new Loop(TimeProvider.System);
        loop.Start();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> order = [];
        loop.Post(() =>
        {
            loop.Schedule(TimeSpan.FromMilliseconds(40), () => order.Add(3));
            loop.Schedule(TimeSpan.FromMilliseconds(20), () => order.Add(2));
            loop.Schedule(TimeSpan.FromMilliseconds(30), () => throw new InvalidOperationException("on purpose"));
            loop.Schedule(TimeSpan.FromMilliseconds(10), () => order.Add(0)).Dispose();
            loop.Schedule(TimeSpan.FromMilliseconds(50), last.SetResult);
        });
        loop.Post(() => order.Add(1));

        await last.Task.Within("the last of them");
        Assert.Equal([1, 2, 3], order);
    }

    private sealed class Loop(TimeProvider time) : EventLoop("test", time, NullLogger.Instance);

    /// <summary>A clock whose timers ring at half of their time.</summary>
    private sealed class EarlyTime : TimeProvider
    {
        private int _alarms;

        public int Alarms => Volatile.Read(ref _alarms);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new EarlyTimer(System.CreateTimer(
                given =>
                {
                    Interlocked.Increment(ref _alarms);
                    callback(given);
                },
                state,
                dueTime,
                period));
    }

    private sealed class EarlyTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime / 2, period);

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
