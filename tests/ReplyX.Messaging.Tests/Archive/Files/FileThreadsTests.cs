using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

public sealed class FileThreadsTests
{
    [Fact]
    public async Task A_disk_that_hangs_holds_up_nobody_for_long_and_serves_again_when_it_is_back()
    {
        var time = new FakeTimeProvider();
        using var threads = new FileThreads("test", count: 2, time);
        using var disk = new ManualResetEventSlim();
        using var hanging = new CountdownEvent(2);
        var done = 0;
        int Hang()
        {
            hanging.Signal();
            disk.Wait(TestTimeout.Token());
            return Interlocked.Increment(ref done);
        }

        var stuck = Enumerable.Range(0, 2).Select(_ => threads.RunAsync(Hang, TestTimeout.Token())).ToArray();
        hanging.Wait(TestTimeout.Token());
        var waiting = threads.RunAsync(() => Interlocked.Increment(ref done), TestTimeout.Token());
        Assert.False(waiting.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(11));
        foreach (var task in stuck.Append(waiting))
        {
            await Assert.ThrowsAsync<IOException>(() => task.Within("the wait to end"));
        }

        disk.Set();
        Assert.Equal("served", await threads.RunAsync(() => "served", TestTimeout.Token()).Within("the disk to serve"));

        // What nobody waited for any more was not begun.
        Assert.InRange(Volatile.Read(ref done), 0, 2);
    }

    [Fact]
    public async Task More_than_can_wait_are_turned_away_at_once()
    {
        using var threads = new FileThreads("test", count: 1, TimeProvider.System);
        using var disk = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, 1_026).Select(_ => threads.RunAsync(() => disk.Wait(TimeSpan.FromMinutes(1)), TestTimeout.Token())).ToArray();

        await Assert.ThrowsAsync<IOException>(() => waiting[^1].Within("the last to be turned away"));
        disk.Set();
        Assert.All(await Task.WhenAll(waiting[..1_024]).Within("those that wait"), Assert.True);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_waited_for()
    {
        using var threads = new FileThreads("test", count: 1, TimeProvider.System);
        using var disk = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        var task = threads.RunAsync(() => disk.Wait(TimeSpan.FromMinutes(1)), caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.Within("the caller"));
        disk.Set();
        var failed = await Assert.ThrowsAsync<InvalidDataException>(() => threads.RunAsync<int>(() => throw new InvalidDataException("its own"), TestTimeout.Token()));
        Assert.Equal("its own", failed.Message);
    }
}
