using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ReplyX.Client.Tests.Server;

/// <summary>A clock in the test's hands that also tells what is being waited for, so that it is never moved too early.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public WatchedTime()
        : base(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly this long.</summary>
    public async Task WaitForTimerAsync(TimeSpan dueTime)
    {
        while (await Wait.For(_timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"a timer of {dueTime}") != dueTime)
        {
        }
    }
}
