using System.Collections.Concurrent;

namespace ReplyX.Messaging.Archive.Files;

/// <summary>
/// A few threads that do nothing but wait for a disk. What .NET calls asynchronous waits on the thread pool, which has as many threads as
/// the machine has cores, and sockets are served there: two segments that are synced would hold up a node of two cores.
/// A disk that hangs keeps these threads and nobody else: who waits for it is told after a while that it is not to be had.
/// </summary>
internal sealed class FileThreads : IDisposable
{
    // More than that many cannot be served in the time that they wait.
    private const int MostWaiting = 1_024;

    // A disk that takes longer is broken; over the network one that fails over is back by the next try.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<Action> _work = new(MostWaiting);
    private readonly TimeProvider _time;

    public FileThreads(string name, int count, TimeProvider time)
    {
        _time = time;
        for (var i = 0; i < count; i++)
        {
            new Thread(Work) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <summary>Does something on one of the threads. It may still be done after its caller has given up.</summary>
    /// <exception cref="IOException">It was not done in time.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryAdd(() => Run(work, done)))
        {
            throw new IOException("Too much waits for it.");
        }

        try
        {
            return await done.Task.WaitAsync(_patience, _time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new IOException($"It did not answer within {_patience.TotalSeconds} s.", exception);
        }
        finally
        {
            // Whoever has not begun by now need not.
            done.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Ends the threads when they have done what waits. A disk that hangs is not waited for.</summary>
    public void Dispose() => _work.CompleteAdding();

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        if (done.Task.IsCompleted)
        {
            return;
        }

        try
        {
            done.TrySetResult(work());
        }
        catch (Exception exception)
        {
            done.TrySetException(exception);
        }
    }

    private bool TryAdd(Action work)
    {
        try
        {
            return _work.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            // The process ends.
            return false;
        }
    }

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
